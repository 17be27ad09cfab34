// Rule files in TOML 1.0, read strictly: whatever is not understood is an error with
// its place. toml++ reads; this room checks.
//
//   LoadResult r = LoadRuleSet({"builtin", "mine.toml"});
//   if (!r.ok()) std::cerr << Render(r.diagnostics);
//
// Thread rules: free functions; results are values.
#ifndef GAINSAY_RULE_LOADER_H_
#define GAINSAY_RULE_LOADER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rule/diagnostic.h"
#include "rule/rule.h"

namespace gainsay {

struct LoadResult {
  RuleSet rules;
  std::vector<Diagnostic> diagnostics;  // errors and warnings, in file order
  bool unreadable = false;              // an argument named nothing that could be read
  bool ok() const;                      // no errors (warnings are fine)
};

// A pack that is compiled in, as bytes of rule/pack_codec.h.
struct BuiltinPack {
  std::string_view id;
  std::string_view whole;
  std::string_view lean;  // the same without examples and scenarios
};
// In the order in which they are tried. Generated from rules/*.toml by rules/embed.cc.
const std::vector<BuiltinPack>& BuiltinPacks();

// The reasons that every rule set may name: DESIGN.md section 2, in its order, "other" last.
const std::vector<std::string>& StandardReasons();

// One file's text as a pack (`file` is for messages). Errors: unknown tables, keys and
// kinds, missing or wrongly typed values, duplicate ids, duplicate group names in a pattern,
// unknown or circular %{names}, a pattern that RE2 refuses, a bad level, state, field or date,
// a text pattern without a message group, a rule without pattern, where, match or capture.
Pack ParsePack(std::string_view toml, const std::string& file, std::vector<Diagnostic>* diagnostics);

// The rule set for `--rules` arguments: "builtin" is all built-in packs, a built-in pack's
// id is that pack, a .toml file is read, a directory's *.toml files too, sorted; "!celery" takes
// that pack out of what was named so far, of all built-in ones if none was. No argument means
// "builtin". A file with nothing but suppressions and fields adds to the default instead of
// replacing it. A file's pack takes the place of a built-in pack of the same id. Checked over the whole set:
// pack ids unique, `before` and `reason` refer to known reasons (StandardReasons() are known without a
// [[reason]]), and every `before` holds. A path that can't be read is an error too.
// The built-in packs' examples and scenarios, most of what they hold, are left out where they are not asked
// for.
enum class BuiltinExamples : uint8_t { kWith, kWithout };
LoadResult LoadRuleSet(const std::vector<std::string>& arguments,
                       BuiltinExamples examples = BuiltinExamples::kWith);

}  // namespace gainsay

#endif  // GAINSAY_RULE_LOADER_H_
