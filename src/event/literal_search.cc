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

LiteralSearch::LiteralSearch(std::vector<std::string> literals, std::string_view sample, Kernel kernel)
    : literals_(std::move(literals)), kernel_(kernel) {
  for (std::string& literal : literals_) absl::AsciiStrToLower(&literal);
  const LiteralWindows windows = LearnWindows(literals_, sample);
  tables_ = windows.tables;
  for (uint32_t i = 0; i < literals_.size(); ++i) AddEntry(i, windows.offsets[i]);
}

void LiteralSearch::AddEntry(uint32_t literal, size_t offset) {
  const std::string_view text = literals_[literal];
  const auto index = static_cast<uint32_t>(entries_.size());
  Entry& entry = entries_.emplace_back();
  entry.tested = CaselessBytes(text.substr(offset));
  entry.literal = literal;
  entry.size = static_cast<uint32_t>(text.size());
  entry.offset = static_cast<uint32_t>(offset);
  entry.bytes = static_cast<uint32_t>(bytes_.size());
  for (size_t at = 0; at < text.size(); at += CaselessBytes::kMost) bytes_.emplace_back(text.substr(at));
  entry.next =
      text.size() < 4 ? short_heads_.Add(text.data(), index) : heads_.Add(text.data() + offset, index);
}

// What lies behind the text may be compared, too: it is readable, and then does not count.
bool LiteralSearch::Matches(std::string_view text, size_t at, const Entry& entry) const {
  if (at > text.size() || text.size() - at < entry.size) return false;
  const CaselessBytes* bytes = bytes_.data() + entry.bytes;
  for (size_t i = 0; i < entry.size; i += CaselessBytes::kMost, ++bytes) {
    if (!bytes->StandAt(text.data() + at + i)) return false;
  }
  return true;
}

uint32_t LiteralSearch::Cursor::FirstEntry(size_t position) const {
  const uint32_t first = search_->heads_.Find(text_.data() + position);
  return first != kNoLiteral ? first : search_->short_heads_.Find(text_.data() + position);
}

// Tries the candidates that are left for `position`.
bool LiteralSearch::Cursor::Verify(size_t position, LiteralHit* hit) {
  while (next_ != kNoLiteral) {
    const uint32_t index = next_;
    const Entry& entry = search_->entries_[index];
    next_ = entry.next;
    // Behind those of four bytes and more come the short ones.
    if (next_ == kNoLiteral && entry.size >= 4) {
      next_ = search_->short_heads_.Find(text_.data() + position);
    }
    if (!entry.tested.StandAt(text_.data() + position) || position < entry.offset) continue;
    if (!search_->Matches(text_, position - entry.offset, entry)) continue;
    *hit = {position - entry.offset, entry.literal};
    return true;
  }
  return false;
}

// Where the caller goes on line by line, strips follow each other; where it leaps, no more is looked at than
// what it asks for.
LiteralHit LiteralSearch::Cursor::Next(size_t from, size_t until) {
  LiteralHit hit;
  if (from <= position_ && Verify(position_, &hit)) return hit;
  next_ = kNoLiteral;
  until = std::min(until, text_.size());
  while (true) {
    for (; full_ != 0; full_ &= full_ - 1) {
      const auto block = static_cast<size_t>(std::countr_zero(full_));
      const size_t at = strip_ + block * kBlock;
      if (at + kBlock <= from) continue;
      uint64_t mask = masks_[block];
      if (at < from) mask &= ~uint64_t{0} << (from - at);
      while (mask != 0) {
        const size_t position = at + static_cast<size_t>(std::countr_zero(mask));
        masks_[block] = mask;
        if (position >= until) return {until, kNoLiteral};
        mask &= mask - 1;
        next_ = FirstEntry(position);
        if (next_ == kNoLiteral || !Verify(position, &hit)) continue;
        position_ = position;
        masks_[block] = mask;
        return hit;
      }
    }
    const size_t end = strip_ + blocks_ * kBlock, next = std::max(end, from / kBlock * kBlock);
    if (next >= until) return {until, kNoLiteral};
    const size_t wanted = next == end ? text_.size() : until;
    strip_ = next;
    blocks_ = std::min(kStripBlocks, (wanted - strip_ + kBlock - 1) / kBlock);
    full_ = search_->kernel_(search_->tables_, text_.data() + strip_, blocks_, masks_.data());
  }
}

}  // namespace gainsay
