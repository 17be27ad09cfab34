// The `[patterns]` of one pack, and the check of every regex that uses them.
//
//   Patterns patterns(&file);
//   patterns.Define(root.Table("patterns")->OtherEntries());
//   std::optional<CheckedPattern> p = patterns.Check(value);   // "%{uuid} failed"
#ifndef GAINSAY_RULE_PATTERNS_H_
#define GAINSAY_RULE_PATTERNS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rule/toml_table.h"

namespace gainsay {

struct CheckedPattern {
  std::string text;                 // every %{name} replaced by (?:…)
  std::vector<std::string> groups;  // the names of its named groups
  int group_count = 0;              // all its capturing groups
};

class Patterns {
 public:
  explicit Patterns(TomlFile* file) : file_(file) {}

  // Takes the pieces, and checks each: they must be regexes of their own.
  void Define(const std::vector<TomlEntry>& entries);

  // The regex with its pieces put in; none if something is wrong with it, which is then reported,
  // once: a piece that is wrong is not reported again wherever it is used.
  std::optional<CheckedPattern> Check(const TomlString& regex);

  void WarnOfUnused();

 private:
  enum class Progress : uint8_t { kNew, kOpen, kDone, kBroken };
  struct Piece {
    TomlString name, regex;
    std::string expanded;
    Progress progress = Progress::kNew;
    bool used = false;
  };

  std::optional<CheckedPattern> Check(const TomlString& regex, std::vector<std::string>* path);
  std::optional<std::string> Expand(const TomlString& regex, std::vector<std::string>* path);
  const std::string* Find(std::string_view name, const TomlString& user, std::vector<std::string>* path);
  void Resolve(Piece* piece, std::vector<std::string>* path);
  bool Spend(const TomlString& regex, size_t bytes);

  TomlFile* file_;
  std::map<std::string, Piece, std::less<>> pieces_;
  std::vector<std::string> names_;
  size_t spent_bytes_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_RULE_PATTERNS_H_
