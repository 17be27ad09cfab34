// Plain-text lines and messages, taken apart by the `[[text]]` formats of a rule set, and
// the lines that only continue the one before them.
//
//   absl::StatusOr<TextFormats> formats = TextFormats::Compile(rules);
//   TextParts parts;
//   if (formats->Match("[2026-…: ERROR/ForkPoolWorker-1] Task …", &parts)) …
//
// Immutable after Compile; may be shared by threads.
#ifndef GAINSAY_RECORD_TEXT_H_
#define GAINSAY_RECORD_TEXT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rule/rule.h"

namespace gainsay {

class TextMemo;

// What a format captured: views into the text; "" where it has no such group.
struct TextParts {
  std::string_view fields[kFieldCount];
  const TextFormat* format = nullptr;
};

class TextFormats {
 public:
  static absl::StatusOr<TextFormats> Compile(const RuleSet& rules);
  TextFormats(TextFormats&&) noexcept;
  TextFormats& operator=(TextFormats&&) noexcept;
  ~TextFormats();

  // The first format that matches the text, in rule set order.
  bool Match(std::string_view text, TextParts* parts) const;
  // The same for a text that `memo` does not know, remembered there now and then.
  bool Match(std::string_view text, TextMemo* memo, TextParts* parts) const;
  // What Match says, if `memo` knows, of every text that begins so and whose characters in ASCII are all in
  // `text`, in that order.
  std::optional<bool> Recall(std::string_view beginning, std::string_view text, TextMemo* memo,
                             TextParts* parts) const;
  // The same answer without the parts; cheaper.
  bool Matches(std::string_view text) const;

  // The formats whose level is a letter or a number ("E0102 …", "<3>…"). All others take words for levels,
  // and only words that stand by themselves: what they capture beside another letter, or a single letter, is
  // no level.
  std::vector<const TextFormat*> WithOtherLevels() const;

 private:
  struct Compiled;
  explicit TextFormats(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

// Whether the level that a format's pattern captures may be a word, not only a letter or a number.
bool LevelTakesWords(const std::string& pattern);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_TEXT_H_
