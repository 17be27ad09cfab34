// Two questions. First the shapes of lines that test runners and shells print, which are never a statement.
// Then, for a line without a level and without a known cause: is it still a failed write when the names in it
// (snake_case, camelCase, paths, a::b) are left out? Prose is judged by the same words as everywhere.
#include "event/build_output.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "event/operation.h"
#include "re2/re2.h"

namespace gainsay {
namespace {

// Results of pytest, JUnit and Gradle, Go, cargo, ctest, jest, mocha, TAP, Maven; then commands as shells and
// runners echo them; then what a runner says of a cache that is not there yet.
constexpr char kShapes[] =
    R"((?:PASSED|SKIPPED|XFAIL|XPASS|IGNORED)(?: +\(.*\))?(?: +\[ *\d+%\])? *$)"
    R"(|^\s*(?:--- (?:PASS|SKIP)|=== (?:RUN|PAUSE|CONT)|PASS|ok \d+)\b)"
    R"(|^\s*(?:test .* \.\.\. (?:ok|ignored)|(?:\xE2\x9C\x93|\xE2\x9C\x94|\xE2\x88\x9A) .*)$)"
    R"(|\bTest +#\d+: |\bTests run: \d+|\b\d+ (?:passed|passing)\b)"
    R"(|^(?:\+{1,3} |\$ |\[command\]|Failed to extract cache$))";

bool HasShapeOfBuild(std::string_view line) {
  static const RE2* const shapes = new RE2(kShapes);
  return RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *shapes);
}

bool Is(int (*kind)(int), char c) { return kind(static_cast<unsigned char>(c)) != 0; }

// "write_failed", "StoreTest", "src/a.cc", "store::write", "a.b()".
bool IsName(std::string_view word) {
  for (size_t i = 0; i + 1 < word.size(); ++i) {
    const char c = word[i], next = word[i + 1];
    if (c == '/' || (c == ':' && next == ':') || (c == '(' && next == ')')) return true;
    if (Is(std::islower, c) && Is(std::isupper, next)) return true;
    if ((c == '_' || c == '.') && i > 0 && Is(std::isalnum, word[i - 1]) && Is(std::isalnum, next))
      return true;
  }
  return false;
}

std::string WithoutNames(std::string_view line) {
  std::string prose;
  while (!line.empty()) {
    const size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    if (!IsName(word)) prose.append(word).append(" ");
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return prose;
}

}  // namespace

bool IsBuildOutput(const Event& error, const Matcher& matcher) {
  if (HasShapeOfBuild(error.message)) return true;
  const bool known = error.reason < matcher.reason_count() && matcher.reason_name(error.reason) != "other";
  if (error.severity != kNoSeverity || known) return false;
  const Judgement judged = Judge(WithoutNames(error.message));
  return judged.operation == Operation::kRead || !(judged.failed || judged.gave_up || judged.partial);
}

}  // namespace gainsay
