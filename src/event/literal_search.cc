// The kernel tells where a literal may stand (literal_windows.h says which bytes it tests); such a hit is
// verified through a hash of its first four bytes and a comparison.
#include "event/literal_search.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "event/literal_windows.h"

namespace gainsay {
namespace {

constexpr size_t kHashBits = 12;

constexpr std::array<char, 256> MakeLower() {
  std::array<char, 256> lower{};
  for (size_t i = 0; i < 256; ++i) lower[i] = static_cast<char>(i >= 'A' && i <= 'Z' ? i - 'A' + 'a' : i);
  return lower;
}
constexpr std::array<char, 256> kLower = MakeLower();

}  // namespace

LiteralSearch::LiteralSearch(std::vector<std::string> literals, std::string_view sample, Kernel kernel)
    : literals_(std::move(literals)),
      heads_(size_t{1} << kHashBits, kNoLiteral),
      short_heads_(size_t{1} << kHashBits, kNoLiteral),
      kernel_(kernel) {
  for (std::string& literal : literals_) absl::AsciiStrToLower(&literal);
  const LiteralWindows windows = LearnWindows(literals_, sample);
  tables_ = windows.tables;
  for (uint32_t i = 0; i < literals_.size(); ++i) AddEntry(i, windows.offsets[i]);
}

// Of the first four bytes, without regard to case (and to some differences that don't matter here).
uint32_t LiteralSearch::HashOf(const char* bytes, size_t known) {
  uint32_t word = 0;
  std::memcpy(&word, bytes, known);
  return ((word | 0x20202020u) * 0x9E3779B1u) >> (32 - kHashBits);
}

void LiteralSearch::AddEntry(uint32_t literal, size_t offset) {
  const auto index = static_cast<uint32_t>(entries_.size());
  Entry& entry = entries_.emplace_back();
  entry.literal = literal;
  entry.offset = static_cast<uint32_t>(offset);
  std::array<char, 8> first = {}, cases = {}, cares = {};
  for (size_t i = 0; i < first.size() && offset + i < literals_[literal].size(); ++i) {
    first[i] = literals_[literal][offset + i];
    cases[i] = first[i] >= 'a' && first[i] <= 'z' ? 0x20 : 0;
    cares[i] = '\xff';
  }
  std::memcpy(&entry.first, first.data(), 8);
  std::memcpy(&entry.cases, cases.data(), 8);
  std::memcpy(&entry.cares, cares.data(), 8);
  if (literals_[literal].size() < 4) {
    entry.next = std::exchange(short_heads_[HashOf(literals_[literal].data(), 2)], index);
  } else {
    entry.next = std::exchange(heads_[HashOf(literals_[literal].data() + offset, 4)], index);
  }
}

bool LiteralSearch::Matches(std::string_view text, size_t at, const std::string& literal) const {
  if (at > text.size() || text.size() - at < literal.size()) return false;
  const char* here = text.data() + at;
  for (size_t i = 0; i < literal.size(); ++i) {
    if (kLower[static_cast<unsigned char>(here[i])] != literal[i]) return false;
  }
  return true;
}

// Tries the candidates that are left for `position`.
bool LiteralSearch::Cursor::Verify(size_t position, LiteralHit* hit) {
  uint64_t here = 0;
  std::memcpy(&here, text_.data() + position, sizeof here);
  while (next_ != kNoLiteral) {
    const uint32_t index = next_;
    const Entry& entry = search_->entries_[index];
    const std::string& literal = search_->literals_[entry.literal];
    next_ = entry.next;
    // Behind those of four bytes and more come the short ones.
    if (next_ == kNoLiteral && literal.size() >= 4) {
      next_ = search_->short_heads_[HashOf(text_.data() + position, 2)];
    }
    if (((here | entry.cases) & entry.cares) != entry.first || position < entry.offset) continue;
    if (!search_->Matches(text_, position - entry.offset, literal)) continue;
    *hit = {position - entry.offset, entry.literal};
    return true;
  }
  return false;
}

LiteralHit LiteralSearch::Cursor::Next(size_t from) {
  LiteralHit hit;
  if (from <= position_ && Verify(position_, &hit)) return hit;
  while (true) {
    for (; block_ < blocks_; ++block_) {
      uint64_t& mask = masks_[block_];
      const size_t at = strip_ + block_ * kBlock;
      if (at + kBlock <= from) continue;
      while (mask != 0) {
        position_ = at + static_cast<size_t>(std::countr_zero(mask));
        mask &= mask - 1;
        if (position_ < from) continue;
        next_ = search_->heads_[HashOf(text_.data() + position_, 4)];
        if (next_ == kNoLiteral) next_ = search_->short_heads_[HashOf(text_.data() + position_, 2)];
        if (next_ != kNoLiteral && Verify(position_, &hit)) return hit;
      }
    }
    strip_ = std::max(strip_ + blocks_ * kBlock, from / kBlock * kBlock);
    if (strip_ >= text_.size()) return {text_.size(), kNoLiteral};
    blocks_ = std::min(kStripBlocks, (text_.size() - strip_ + kBlock - 1) / kBlock);
    block_ = 0;
    search_->kernel_(search_->tables_, text_.data() + strip_, blocks_, masks_.data());
  }
}

}  // namespace gainsay
