// A rule file while it is being read: its text, the place of what toml++ found in it, and what
// was found wrong. Only for the files of this room.
//
//   TomlFile file(text, "mine.toml");
//   if (std::optional<toml::table> root = file.Parse()) … file.Error(node.source(), "no such thing");
//   file.MoveDiagnosticsTo(&diagnostics);
#ifndef GAINSAY_RULE_TOML_FILE_H_
#define GAINSAY_RULE_TOML_FILE_H_

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rule/diagnostic.h"

namespace gainsay {

class TomlFile {
 public:
  // `text` must outlive the file.
  TomlFile(std::string_view text, std::string name);

  // None if it is no TOML; the reason is then among the diagnostics.
  std::optional<toml::table> Parse();

  void Error(const toml::source_region& at, std::string message, std::string help = "");
  void Warn(const toml::source_region& at, std::string message, std::string help = "");

  // An error about a word that is none of `words`, with the help of Suggest().
  void UnknownWord(const toml::source_region& at, std::string message, std::string_view word,
                   const std::vector<std::string>& words);

  const std::string& name() const { return name_; }
  Location At(const toml::source_region& at) const;
  // A diagnostic that has everything but its message.
  Diagnostic Place(const toml::source_region& at) const;

  // In file order, behind what is there.
  void MoveDiagnosticsTo(std::vector<Diagnostic>* diagnostics);

 private:
  void Add(const toml::source_region& at, Diagnostic::Severity severity, std::string message,
           std::string help);
  std::string_view Line(size_t number) const;

  std::string_view text_;
  std::string name_;
  std::vector<size_t> line_starts_;
  std::vector<Diagnostic> diagnostics_;
  size_t count_[2] = {0, 0};  // by severity
};

// 'text', cut where it is very long: how messages show what a file says.
std::string Quoted(std::string_view text);

// "did you mean 'x'?" if one of the words is near, else "one of: …" if they are few, else "".
std::string Suggest(std::string_view word, const std::vector<std::string>& words);

}  // namespace gainsay

#endif  // GAINSAY_RULE_TOML_FILE_H_
