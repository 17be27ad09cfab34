#include "record/text.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

// All formats are searched for at once with an RE2::Set, which says in one pass which of them
// match; only the first of those is run again for its groups. The set's DFA has a memory
// budget: where it gives up, the formats are tried one by one, which gives the same answer.

namespace gainsay {

struct TextFormats::Compiled {
  struct Entry {
    TextFormat format;
    std::unique_ptr<RE2> re;
    std::vector<std::pair<int, Field>> groups;  // number of the group, field
    int submatches = 1;
  };
  std::vector<Entry> entries;
  std::unique_ptr<RE2::Set> set;  // null: fewer than two formats

  const Entry* Find(std::string_view text) const;
  const Entry* FindOneByOne(std::string_view text) const;
};

namespace {

constexpr int kMaxGroups = 40;

RE2::Options FormatOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(int64_t{32} << 20);
  return options;
}

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

const TextFormats::Compiled::Entry* TextFormats::Compiled::FindOneByOne(std::string_view text) const {
  for (const Entry& entry : entries) {
    if (RE2::PartialMatch(Piece(text), *entry.re)) return &entry;
  }
  return nullptr;
}

const TextFormats::Compiled::Entry* TextFormats::Compiled::Find(std::string_view text) const {
  if (!set) return FindOneByOne(text);
  thread_local std::vector<int> matching;
  RE2::Set::ErrorInfo info{};
  if (set->Match(Piece(text), &matching, &info)) {
    return &entries[static_cast<size_t>(*std::min_element(matching.begin(), matching.end()))];
  }
  return info.kind == RE2::Set::kNoError ? nullptr : FindOneByOne(text);
}

TextFormats::TextFormats(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
TextFormats::TextFormats(TextFormats&&) noexcept = default;
TextFormats& TextFormats::operator=(TextFormats&&) noexcept = default;
TextFormats::~TextFormats() = default;

absl::StatusOr<TextFormats> TextFormats::Compile(const RuleSet& rules) {
  auto compiled = std::make_unique<Compiled>();
  const RE2::Options options = FormatOptions();
  for (const Pack& pack : rules.packs) {
    for (const TextFormat& format : pack.texts) {
      Compiled::Entry entry{format, std::make_unique<RE2>(format.pattern, options), {}, 1};
      const std::string id = format.pack + "/" + format.id;
      if (!entry.re->ok()) return absl::InvalidArgumentError("text format " + id + ": " + entry.re->error());
      for (const auto& [name, number] : entry.re->NamedCapturingGroups()) {
        const std::optional<Field> field = FieldByName(name);
        if (!field) continue;
        if (number >= kMaxGroups)
          return absl::InvalidArgumentError("text format " + id + ": too many groups");
        entry.groups.emplace_back(number, *field);
        entry.submatches = std::max(entry.submatches, number + 1);
      }
      compiled->entries.push_back(std::move(entry));
    }
  }
  if (compiled->entries.size() > 1) {
    compiled->set = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
    for (const Compiled::Entry& entry : compiled->entries) {
      std::string error;
      if (compiled->set->Add(entry.format.pattern, &error) < 0) return absl::InvalidArgumentError(error);
    }
    if (!compiled->set->Compile()) compiled->set.reset();
  }
  return TextFormats(std::move(compiled));
}

bool TextFormats::Match(std::string_view text, TextParts* parts) const {
  *parts = TextParts{};
  const Compiled::Entry* entry = compiled_->Find(text);
  if (!entry) return false;
  std::array<re2::StringPiece, kMaxGroups> pieces;
  if (!entry->re->Match(Piece(text), 0, text.size(), RE2::UNANCHORED, pieces.data(), entry->submatches)) {
    return false;
  }
  for (const auto& [number, field] : entry->groups) {
    const re2::StringPiece& piece = pieces[static_cast<size_t>(number)];
    if (piece.data()) parts->fields[static_cast<size_t>(field)] = {piece.data(), piece.size()};
  }
  parts->format = &entry->format;
  return true;
}

bool TextFormats::Matches(std::string_view text) const { return compiled_->Find(text) != nullptr; }

}  // namespace gainsay
