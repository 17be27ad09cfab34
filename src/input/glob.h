// Shell-style patterns over paths: `*`, `?`, `[a-z]`, `[!a-z]`, `**`, and `\` before a
// character that is meant literally.
//
//   Glob("logs/**/*.gz").Matches("logs/2026/08/a.gz")
//
// `*`, `?` and classes cross no '/'; `**` does, and a whole component `**` also stands for
// no directory at all: "a/**/b" matches "a/b". A '[' without its ']' is a plain '['.
// Bytes, not characters, are matched. Immutable; may be shared by threads.
#ifndef GAINSAY_INPUT_GLOB_H_
#define GAINSAY_INPUT_GLOB_H_

#include <bitset>
#include <string_view>
#include <vector>

namespace gainsay {

class Glob {
 public:
  explicit Glob(std::string_view pattern);

  // The whole path must match.
  bool Matches(std::string_view path) const;

 private:
  enum class Kind { kOne, kStar, kAny, kDirectories };
  struct Step {
    Kind kind;
    std::bitset<256> bytes;  // kOne: any of these
  };
  // Which steps may come next, while a path is being read.
  using Reached = std::vector<bool>;

  void Reach(size_t step, Reached* reached) const;
  void Advance(size_t step, unsigned char byte, Reached* reached) const;

  std::vector<Step> steps_;
};

// True if the text holds a character that a pattern gives a meaning (`*`, `?`, `[`).
bool HasGlobCharacter(std::string_view text);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_GLOB_H_
