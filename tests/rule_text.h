// Rule files for the tests of rule/: texts of packs, and what the loader says about them.
#ifndef GAINSAY_TESTS_RULE_TEXT_H_
#define GAINSAY_TESTS_RULE_TEXT_H_

#include <string>
#include <vector>

#include "rule/loader.h"

namespace gainsay {

inline const char kHead[] = "format = 1\nid = 'p'\ntitle = 'P'\n";  // three lines

struct Parsed {
  Pack pack;
  std::vector<Diagnostic> diagnostics;
  std::string Text() const { return Render(diagnostics); }
};

inline Parsed Parse(const std::string& toml) {
  Parsed parsed;
  parsed.pack = ParsePack(toml, "mine.toml", &parsed.diagnostics);
  return parsed;
}

// A pack whose only rule is a sound [[error]] and these lines, the first of which is line 7.
inline std::string ErrorRule(const std::string& lines) {
  return std::string(kHead) + "[[error]]\nid = 'e'\nexamples = [{ log = 'x' }]\n" + lines + "\n";
}

inline std::string WithPattern(const std::string& kind, const std::string& lines) {
  return std::string(kHead) + "[[" + kind + "]]\nid = 'r'\npattern = 'x'\nexamples = [{ log = 'x' }]\n" +
         lines + "\n";
}

}  // namespace gainsay

#endif  // GAINSAY_TESTS_RULE_TEXT_H_
