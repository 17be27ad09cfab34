// What is wrong with a rule file, said so that its author can mend it at once.
//
//   mine.toml:12:1: error: unknown key 'patern' in [[error]]
//      12 | patern = 'x'
//         | ^~~~~~
//     help: did you mean 'pattern'?
#ifndef GAINSAY_RULE_DIAGNOSTIC_H_
#define GAINSAY_RULE_DIAGNOSTIC_H_

#include <string>
#include <string_view>
#include <vector>

#include "rule/rule.h"

namespace gainsay {

struct Diagnostic {
  enum class Severity { kError, kWarning };
  Severity severity = Severity::kError;
  Location at;
  int length = 1;  // columns to underline
  std::string message;
  std::string source_line;  // the line of the file, "" if unknown
  std::string help;         // "" = none
};

// As shown above, with a newline at the end. Control characters of the source line are escaped.
std::string Render(const Diagnostic& diagnostic);
std::string Render(const std::vector<Diagnostic>& diagnostics);

// The nearest of `words` to `word` if it is near enough to suggest, else "".
std::string NearestWord(std::string_view word, const std::vector<std::string>& words);

}  // namespace gainsay

#endif  // GAINSAY_RULE_DIAGNOSTIC_H_
