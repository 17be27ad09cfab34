#include "record/text.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "record/pattern_heads.h"
#include "record/pattern_program.h"
#include "record/severity.h"
#include "record/text_memo.h"
#include "rule/known_regex.h"
#include "rule/regex_groups.h"

// A text's first bytes tell that most formats can't match it (pattern_heads.h): usually none is left, or one.
// Those are tried in order, by steps that know the simple patterns of log lines (pattern_program.h), or with
// RE2 where these can't tell, which gives the same answer.

namespace gainsay {
namespace {

constexpr size_t kMaxGroups = 40;
// So many bytes of texts tell them apart: what was looked at behind them is rather told by what is lacking.
constexpr size_t kNear = 24;
// Where groups begin and end, in the order of the format's groups.
using Places = std::array<size_t, 2 * kMaxGroups>;

}  // namespace

struct TextFormats::Compiled {
  // A format; its regex is compiled when it is first needed.
  struct Entry {
    void Prepare() const;
    const RE2& Regex() const;
    // Whether it matches, and what; `end` is where the match ends.
    bool Match(std::string_view text, Places* places, size_t* end) const;
    // The same; `look` is told what was looked at.
    bool Match(std::string_view text, Places* places, size_t* end, TextLook* look) const;
    bool MatchRegex(std::string_view text, Places* places, size_t* end) const;
    void Fill(std::string_view text, const size_t* places, size_t end, TextParts* parts) const;

    TextFormat format;
    std::string head;  // the pattern, without the message that ends it
    bool rest_is_message = false, has_level = false, level_is_word = false;
    mutable std::atomic<bool> ready{false};
    mutable std::once_flag once, regex_once;
    mutable std::optional<PatternProgram> program;
    mutable std::vector<std::string> names;  // of groups; then their fields
    mutable std::vector<std::optional<Field>> fields;
    mutable std::unique_ptr<RE2> regex;
  };

  std::deque<Entry> entries;  // they stay where they are
  PatternHeads heads;

  // The first entry that matches, null if none does.
  const Entry* Find(std::string_view text, Places* places, size_t* end) const;
  const Entry* Find(std::string_view text, Places* places, size_t* end, TextLook* look) const;
};

namespace {

RE2::Options FormatOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(int64_t{32} << 20);
  return options;
}

// The regex of the group that captures the level; "" if there is none.
std::string LevelGroup(const std::string& pattern) {
  constexpr std::string_view kHead = "(?P<level>";
  const size_t begin = pattern.find(kHead);
  if (begin == std::string::npos) return "";
  int open = 1;
  size_t end = pattern.size();
  WalkGroups(pattern, begin + kHead.size(), [&](size_t at) {
    open += pattern[at] == '(' ? 1 : pattern[at] == ')' ? -1 : 0;
    if (open == 0) end = at + 1;
    return open > 0;
  });
  return pattern.substr(begin, end - begin);
}

// Whether a pattern begins with '^', flags aside, and has no alternative at its top that might not.
bool IsAnchored(std::string_view pattern) {
  if (pattern.starts_with("(?s)") || pattern.starts_with("(?i)")) pattern.remove_prefix(4);
  // Quoted text is not looked into.
  if (!pattern.starts_with('^') || pattern.find("\\Q") != std::string_view::npos) return false;
  int depth = 0;
  bool anchored = true;
  WalkGroups(pattern, 1, [&](size_t at) {
    depth += pattern[at] == '(' ? 1 : pattern[at] == ')' ? -1 : 0;
    anchored = anchored && !(pattern[at] == '|' && depth == 0);
    return anchored;
  });
  return anchored;
}

// The pattern without the message that ends it, where that takes all that is left, whatever it is: it need
// not be walked through. `whole`: the message is something else, and the pattern is returned as it is.
std::string WithoutMessage(const std::string& pattern, bool* whole) {
  for (const std::string_view tail : {"(?P<message>.*)$", "(?P<message>.*)"}) {
    if (!pattern.ends_with(tail) || !IsAnchored(pattern)) continue;
    *whole = false;
    return pattern.substr(0, pattern.size() - tail.size());
  }
  *whole = true;
  return pattern;
}

}  // namespace

bool LevelTakesWords(const std::string& pattern) {
  const std::string level = LevelGroup(pattern);
  if (level.empty()) return false;
  const RE2 group("(?s:" + level + ")", FormatOptions());
  for (const std::string_view word : LevelWords()) {
    if (word.size() < 2) continue;
    std::string upper(word), title(word);
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    title[0] = upper[0];
    for (const std::string& text : {std::string(word), upper, title}) {
      if (RE2::FullMatch(text, group)) return true;
    }
  }
  return false;
}

namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Whether `level`, a part of `text`, holds a word that stands by itself.
bool IsOwnWord(std::string_view text, std::string_view level) {
  const size_t first = static_cast<size_t>(level.data() - text.data()), behind = first + level.size();
  const auto letters = std::count_if(level.begin(), level.end(), IsLetter);
  if (letters < 2) return false;
  return (first == 0 || !IsLetter(text[first - 1]) || !IsLetter(level.front())) &&
         (behind == text.size() || !IsLetter(text[behind]) || !IsLetter(level.back()));
}

}  // namespace

void TextFormats::Compiled::Entry::Prepare() const {
  if (ready.load(std::memory_order_acquire)) return;
  std::call_once(once, [this] {
    program = PatternProgram::Compile(head);
    if (program && program->groups().size() > kMaxGroups) program.reset();
    if (program) {
      names = program->groups();
    } else {
      for (const auto& [name, number] : Regex().NamedCapturingGroups()) names.push_back(name);
      names.resize(std::min(names.size(), kMaxGroups));
    }
    for (const std::string& name : names) fields.push_back(FieldByName(name));
    ready.store(true, std::memory_order_release);
  });
}

const RE2& TextFormats::Compiled::Entry::Regex() const {
  std::call_once(regex_once, [this] { regex = std::make_unique<RE2>(head, FormatOptions()); });
  return *regex;
}

bool TextFormats::Compiled::Entry::MatchRegex(std::string_view text, Places* places, size_t* end) const {
  const RE2& of = Regex();
  std::vector<re2::StringPiece> pieces(static_cast<size_t>(1 + of.NumberOfCapturingGroups()));
  const int count = static_cast<int>(pieces.size());
  if (!of.Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED, pieces.data(), count)) {
    return false;
  }
  const auto place = [&text](const char* at) { return static_cast<size_t>(at - text.data()); };
  for (size_t i = 0; i < names.size(); ++i) {
    const re2::StringPiece& piece = pieces[static_cast<size_t>(of.NamedCapturingGroups().at(names[i]))];
    (*places)[2 * i] = piece.data() == nullptr ? PatternProgram::kNowhere : place(piece.data());
    (*places)[2 * i + 1] = piece.data() == nullptr ? 0 : place(piece.data()) + piece.size();
  }
  *end = place(pieces[0].data()) + pieces[0].size();
  return true;
}

bool TextFormats::Compiled::Entry::Match(std::string_view text, Places* places, size_t* end) const {
  Prepare();
  const PatternProgram::Answer answer =
      program ? program->Match(text, places->data(), end) : PatternProgram::Answer::kUnsure;
  return answer == PatternProgram::Answer::kUnsure ? MatchRegex(text, places, end)
                                                   : answer == PatternProgram::Answer::kYes;
}

bool TextFormats::Compiled::Entry::Match(std::string_view text, Places* places, size_t* end,
                                         TextLook* look) const {
  Prepare();
  TextLook own;
  PatternProgram::Answer answer = PatternProgram::Answer::kUnsure;
  if (program) answer = program->Match(text, places->data(), end, &own);
  const bool far = own.too_far() || own.alike().size() > kNear;
  if (answer == PatternProgram::Answer::kNo && far && program->fixed().size() > 1 &&
      text.find(program->fixed()) == std::string_view::npos) {
    look->Lacks(program->fixed());
    return false;
  }
  if (answer == PatternProgram::Answer::kUnsure) {
    look->TooFar();
    return MatchRegex(text, places, end);
  }
  look->Add(own);
  return answer == PatternProgram::Answer::kYes;
}

void TextFormats::Compiled::Entry::Fill(std::string_view text, const size_t* places, size_t end,
                                        TextParts* parts) const {
  if (rest_is_message) parts->fields[static_cast<size_t>(Field::kMessage)] = text.substr(end);
  for (size_t i = 0; i < fields.size(); ++i) {
    const size_t begin = places[2 * i];
    if (!fields[i] || begin == PatternProgram::kNowhere) continue;
    parts->fields[static_cast<size_t>(*fields[i])] = text.substr(begin, places[2 * i + 1] - begin);
  }
  std::string_view& level = parts->fields[static_cast<size_t>(Field::kLevel)];
  if (level_is_word && !level.empty() && !IsOwnWord(text, level)) level = {};
  parts->format = &format;
}

const TextFormats::Compiled::Entry* TextFormats::Compiled::Find(std::string_view text, Places* places,
                                                                size_t* end) const {
  for (const uint32_t number : heads.Find(text)) {
    if (entries[number].Match(text, places, end)) return &entries[number];
  }
  return nullptr;
}

const TextFormats::Compiled::Entry* TextFormats::Compiled::Find(std::string_view text, Places* places,
                                                                size_t* end, TextLook* look) const {
  for (const uint32_t number : heads.FindEarly(text, kNear, look)) {
    if (entries[number].Match(text, places, end, look)) return &entries[number];
  }
  return nullptr;
}

TextFormats::TextFormats(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
TextFormats::TextFormats(TextFormats&&) noexcept = default;
TextFormats& TextFormats::operator=(TextFormats&&) noexcept = default;
TextFormats::~TextFormats() = default;

absl::StatusOr<TextFormats> TextFormats::Compile(const RuleSet& rules) {
  auto compiled = std::make_unique<Compiled>();
  for (const Pack& pack : rules.packs) {
    for (const TextFormat& format : pack.texts) {
      bool whole = false;
      Compiled::Entry& entry = compiled->entries.emplace_back();
      entry.format = format;
      entry.head = WithoutMessage(format.pattern, &whole);
      entry.rest_is_message = !whole;
      entry.has_level = format.pattern.find("(?P<level>") != std::string::npos;
      const KnownRegex* known = FindKnownRegex(format.pattern);
      if (known == nullptr && !RE2(format.pattern, FormatOptions()).ok()) {
        return absl::InvalidArgumentError("text format " + format.pack + "/" + format.id + ": no regex");
      }
      compiled->heads.Add(entry.head);
      entry.level_is_word = known != nullptr ? known->level_takes_words : LevelTakesWords(format.pattern);
    }
  }
  return TextFormats(std::move(compiled));
}

bool TextFormats::Match(std::string_view text, TextParts* parts) const {
  *parts = TextParts{};
  Places places;
  size_t end = 0;
  const Compiled::Entry* entry = compiled_->Find(text, &places, &end);
  if (entry != nullptr) entry->Fill(text, places.data(), end, parts);
  return entry != nullptr;
}

std::optional<bool> TextFormats::Recall(std::string_view beginning, std::string_view text, TextMemo* memo,
                                        TextParts* parts) const {
  const TextMemo::Answer* answer = memo->Find(beginning, text);
  if (answer == nullptr) return std::nullopt;
  *parts = TextParts{};
  const auto* entry = static_cast<const Compiled::Entry*>(answer->format);
  if (entry != nullptr) entry->Fill(beginning, answer->places.data(), answer->end, parts);
  return entry != nullptr;
}

bool TextFormats::Match(std::string_view text, TextMemo* memo, TextParts* parts) const {
  if (!memo->WantsMore()) return Match(text, parts);
  *parts = TextParts{};
  Places places;
  size_t end = 0;
  TextLook look;
  const Compiled::Entry* entry = compiled_->Find(text, &places, &end, &look);
  const size_t count = entry == nullptr ? 0 : 2 * entry->fields.size();
  memo->Add(text, look, {entry, {places.begin(), places.begin() + static_cast<std::ptrdiff_t>(count)}, end});
  if (entry != nullptr) entry->Fill(text, places.data(), end, parts);
  return entry != nullptr;
}

std::vector<const TextFormat*> TextFormats::WithOtherLevels() const {
  std::vector<const TextFormat*> formats;
  for (const Compiled::Entry& entry : compiled_->entries) {
    if (entry.has_level && !entry.level_is_word) formats.push_back(&entry.format);
  }
  return formats;
}

bool TextFormats::Matches(std::string_view text) const {
  Places places;
  size_t end = 0;
  return compiled_->Find(text, &places, &end) != nullptr;
}

}  // namespace gainsay
