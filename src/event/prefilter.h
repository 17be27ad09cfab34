// Tells from a line's raw bytes that it can't give an event, so that it need not be read. Derived from the
// rule set by itself.
//
//   Prefilter prefilter = Prefilter::Derive(rules, plan, texts);
//   if (prefilter.usable()) … prefilter_scan.h
//
// A line has to be read unless all of this holds:
// - for no rule all the texts that its event needs stand in it. Rules that ask for a level of warn or more
//   are left out of this where the line is a JSON object whose own level is lower: a level key at its place,
//   or the text that Docker or journald wraps (wrapped_level.h), has a low one, no other level key, at
//   whatever depth, has another one, and no word stands in it that a text format inside could take for a
//   higher level;
// - it holds nothing that could hide the one or the other: an escape that spells ASCII, journald's bytes as
//   numbers, a terminal's colours.
//
// Thread rules: immutable, shared.
#ifndef GAINSAY_EVENT_PREFILTER_H_
#define GAINSAY_EVENT_PREFILTER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/fields.h"
#include "record/find_text.h"
#include "record/text.h"
#include "rule/rule.h"

namespace gainsay {

class UnboundRegex;

class Prefilter {
 public:
  // One of these texts stands in the raw line.
  struct Condition {
    std::vector<std::string> any;
    bool exact = false;  // in just this case; else in lower case here, and in any case there
    bool words = false;  // each as a word of its own; sorted
    // If not null: it stands in a match of this regex, within one value of the line.
    std::shared_ptr<const UnboundRegex> regex = nullptr;
  };
  // An event of a rule needs all of these.
  struct Need {
    std::vector<Condition> all;
    bool asks_level = false;  // the rule is silent where the level is known and below warn
    bool one_line = false;    // they stand in one line of the record
    bool in_values = false;   // they don't stand in keys
  };

  // `texts` must outlive the prefilter.
  static Prefilter Derive(const RuleSet& rules, const FieldPlan& plan, const TextFormats& texts);

  // False: some rule needs no text at all, so every line has to be read.
  bool usable() const { return without_literal_.empty(); }
  // These rules ("pack/id") and text formats.
  const std::vector<std::string>& without_literal() const { return without_literal_; }

  const TextFormats& texts() const { return *texts_; }
  const std::vector<Need>& needs() const { return needs_; }
  // Whether those of the rules that ask for a level are all among them; if not, such a rule may take any line
  // whose level is not known.
  bool knows_errors() const { return knows_errors_; }
  // What a text format needs that takes a letter or a number for a level.
  const std::vector<Need>& level_formats() const { return level_formats_; }
  // What may hide something; the same, if a digit follows.
  static const std::vector<std::string>& Guards();
  static const std::vector<std::string>& DigitGuards();
  // What makes the level that a journald entry gives itself doubtful.
  static const std::vector<std::string>& LevelGuards();
  // Parts of which each word for a high level, and each level's key, has one.
  const std::vector<std::string>& level_words() const { return level_words_; }
  const std::vector<std::string>& level_key_parts() const { return level_key_parts_; }

  // Whether what stands behind "\u00" spells a character that could be a part of what is looked for.
  bool Hides(std::string_view behind) const;
  // Whether one of the condition's texts stands in `text` (and `lower`, the same in lower case), at a place
  // that `accept(at, size)` takes.
  template <typename Accept>
  static bool Meets(const Condition& condition, std::string_view text, std::string_view lower,
                    Accept accept) {
    const std::string_view searched = condition.exact ? text : lower;
    for (const std::string& literal : condition.any) {
      for (size_t at = FindText(searched, literal); at != std::string_view::npos;
           at = FindText(searched, literal, at + 1)) {
        if ((!condition.words || IsWord(condition, text, at, literal.size())) && accept(at, literal.size()))
          return true;
      }
    }
    return false;
  }
  // Whether the text at `at`, a part of a word of the condition, is in such a word.
  static bool IsWord(const Condition& condition, std::string_view text, size_t at, size_t size);

  static bool IsHighLevelWord(std::string_view word);
  // Whether a JSON object's key is that of a level, or an object on the way to one.
  bool IsLevelKey(std::string_view key) const;
  // Whether `value` is a high level under such a key, at whatever place.
  bool IsHighLevel(std::string_view key, std::string_view value) const;
  // Whether the value of `key`, in the object `parent` of the record (or "": in the record itself), is a
  // level, and a low one.
  bool IsLowLevel(std::string_view parent, std::string_view key, std::string_view value) const;

 private:
  void AddRule(const Rule& rule, const std::optional<Condition>& task);
  void AddErrorTexts(const RuleSet& rules);
  void AddFormats(const TextFormats& texts);
  void AddLevelWords();
  void AddLevels(const FieldPlan& plan);
  void FindHidden();

  const TextFormats* texts_ = nullptr;
  std::vector<Need> needs_, level_formats_;
  bool knows_errors_ = true;
  std::array<bool, 256> hidden_ = {};
  bool asks_words_ = false;  // a rule asks for nothing but the words of a failure, or a known cause
  std::vector<std::string> level_words_, level_key_parts_;
  std::vector<std::string> level_paths_;  // "level", "log.level"
  std::vector<std::string> level_keys_;   // each part of them
  std::vector<std::string> without_literal_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_PREFILTER_H_
