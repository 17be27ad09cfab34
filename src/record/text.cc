#include "record/text.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "record/format_head.h"
#include "record/pattern_heads.h"
#include "record/severity.h"
#include "rule/known_regex.h"
#include "rule/regex_groups.h"

// A text's first bytes tell that most formats can't match it (pattern_heads.h): usually none is left, or a
// few, which are tried one by one. Where many are left, as for plain lines that begin with a time, all are
// searched for at once with two RE2::Sets, which say in one pass which of them match; only the first of those
// is run again for its groups. The sets' DFAs have a memory budget: where one gives up, the formats are tried
// one by one, which gives the same answer.

namespace gainsay {
namespace {

constexpr int kMaxGroups = 40;
constexpr int kFew = 5;  // formats are tried one by one if no more are left
using Pieces = std::array<re2::StringPiece, kMaxGroups>;

}  // namespace

struct TextFormats::Compiled {
  // A format, compiled when it is first needed.
  struct Entry {
    struct Groups {
      std::unique_ptr<RE2> re;
      std::vector<std::pair<int, Field>> fields;  // number of the group, field
      int submatches = 1;
    };
    const Groups& groups() const;

    TextFormat format;
    std::string head;  // the pattern, without the message that ends it
    bool rest_is_message = false, has_level = false, level_is_word = false;
    mutable std::once_flag once;
    mutable Groups compiled;
  };
  // All formats in two sets. Those that begin at the text's begin, as nearly all do, are given up after a few
  // bytes.
  struct Sets {
    std::unique_ptr<RE2::Set> anchored, unanchored;  // null: there are none, or they need too much memory
    std::vector<size_t> anchored_entries, unanchored_entries;  // by index in the set
    bool complete = true;
  };
  const Sets& sets() const;

  std::deque<Entry> entries;  // they stay where they are
  PatternHeads heads;

  // The first entry that matches, with its groups if there is a place for them; null if none does.
  const Entry* Find(std::string_view text, Pieces* pieces) const;
  const Entry* FindInSets(std::string_view text) const;
  const Entry* FindOneByOne(std::string_view text) const;

 private:
  mutable std::once_flag sets_once;
  mutable Sets compiled_sets;
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

std::string FormatHead(const std::string& pattern) {
  bool whole = false;
  return HeadOf(WithoutMessage(pattern, &whole), PatternHeads::kPlaces);
}

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

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

const TextFormats::Compiled::Entry::Groups& TextFormats::Compiled::Entry::groups() const {
  std::call_once(once, [this] {
    compiled.re = std::make_unique<RE2>(head, FormatOptions());
    for (const auto& [name, number] : compiled.re->NamedCapturingGroups()) {
      const std::optional<Field> field = FieldByName(name);
      if (!field || number >= kMaxGroups) continue;
      compiled.fields.emplace_back(number, *field);
      compiled.submatches = std::max(compiled.submatches, number + 1);
    }
  });
  return compiled;
}

const TextFormats::Compiled::Entry* TextFormats::Compiled::FindOneByOne(std::string_view text) const {
  for (const Entry& entry : entries) {
    if (RE2::PartialMatch(Piece(text), *entry.groups().re)) return &entry;
  }
  return nullptr;
}

// The lowest index of a format in `set` that matches; none: SIZE_MAX. False if the set's automaton ran out of
// memory.
bool FirstInSet(const RE2::Set* set, const std::vector<size_t>& entries, std::string_view text,
                size_t* first) {
  *first = SIZE_MAX;
  if (set == nullptr) return true;
  thread_local std::vector<int> matching;
  RE2::Set::ErrorInfo info{};
  if (!set->Match(Piece(text), &matching, &info)) return info.kind == RE2::Set::kNoError;
  for (const int index : matching) *first = std::min(*first, entries[static_cast<size_t>(index)]);
  return true;
}

const TextFormats::Compiled::Sets& TextFormats::Compiled::sets() const {
  std::call_once(sets_once, [this] {
    Sets& sets = compiled_sets;
    for (size_t i = 0; i < entries.size(); ++i) {
      const bool anchored = IsAnchored(entries[i].head);
      std::unique_ptr<RE2::Set>& set = anchored ? sets.anchored : sets.unanchored;
      if (!set) {
        set = std::make_unique<RE2::Set>(FormatOptions(), anchored ? RE2::ANCHOR_START : RE2::UNANCHORED);
      }
      sets.complete = sets.complete && set->Add(entries[i].head, nullptr) >= 0;
      (anchored ? sets.anchored_entries : sets.unanchored_entries).push_back(i);
    }
    for (std::unique_ptr<RE2::Set>* set : {&sets.anchored, &sets.unanchored}) {
      sets.complete = sets.complete && (*set == nullptr || (*set)->Compile());
    }
  });
  return compiled_sets;
}

const TextFormats::Compiled::Entry* TextFormats::Compiled::FindInSets(std::string_view text) const {
  const Sets& all = sets();
  size_t first = SIZE_MAX, other = SIZE_MAX;
  if (!all.complete || !FirstInSet(all.anchored.get(), all.anchored_entries, text, &first) ||
      !FirstInSet(all.unanchored.get(), all.unanchored_entries, text, &other)) {
    return FindOneByOne(text);
  }
  first = std::min(first, other);
  return first == SIZE_MAX ? nullptr : &entries[first];
}

const TextFormats::Compiled::Entry* TextFormats::Compiled::Find(std::string_view text, Pieces* pieces) const {
  const auto matches = [&](const Entry& entry) {
    const Entry::Groups& groups = entry.groups();
    return groups.re->Match(Piece(text), 0, text.size(), RE2::UNANCHORED, pieces ? pieces->data() : nullptr,
                            pieces ? groups.submatches : 0);
  };
  const PatternHeads::Numbers may = heads.Find(text);
  int count = 0;
  for (const uint64_t word : may) count += std::popcount(word);
  if (count > kFew || entries.size() > PatternHeads::kMaxPatterns) {
    const Entry* entry = FindInSets(text);
    return entry != nullptr && (pieces == nullptr || matches(*entry)) ? entry : nullptr;
  }
  for (size_t word = 0; word < may.size(); ++word) {
    for (uint64_t bits = may[word]; bits != 0; bits &= bits - 1) {
      const Entry& entry = entries[word * 64 + static_cast<size_t>(std::countr_zero(bits))];
      if (matches(entry)) return &entry;
    }
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
      compiled->heads.Add(known != nullptr ? known->head : FormatHead(format.pattern));
      entry.level_is_word = known != nullptr ? known->level_takes_words : LevelTakesWords(format.pattern);
    }
  }
  return TextFormats(std::move(compiled));
}

bool TextFormats::Match(std::string_view text, TextParts* parts) const {
  *parts = TextParts{};
  Pieces pieces;
  const Compiled::Entry* entry = compiled_->Find(text, &pieces);
  if (!entry) return false;
  const Compiled::Entry::Groups& groups = entry->groups();
  if (entry->rest_is_message) {
    const auto head = static_cast<size_t>(pieces[0].data() + pieces[0].size() - text.data());
    parts->fields[static_cast<size_t>(Field::kMessage)] = text.substr(head);
  }
  for (const auto& [number, field] : groups.fields) {
    const re2::StringPiece& piece = pieces[static_cast<size_t>(number)];
    if (piece.data()) parts->fields[static_cast<size_t>(field)] = {piece.data(), piece.size()};
  }
  std::string_view& level = parts->fields[static_cast<size_t>(Field::kLevel)];
  if (entry->level_is_word && !level.empty() && !IsOwnWord(text, level)) level = {};
  parts->format = &entry->format;
  return true;
}

std::vector<const TextFormat*> TextFormats::WithOtherLevels() const {
  std::vector<const TextFormat*> formats;
  for (const Compiled::Entry& entry : compiled_->entries) {
    if (entry.has_level && !entry.level_is_word) formats.push_back(&entry.format);
  }
  return formats;
}

bool TextFormats::Matches(std::string_view text) const { return compiled_->Find(text, nullptr) != nullptr; }

}  // namespace gainsay
