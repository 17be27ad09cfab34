// Literals are placed one by one, the hardest first: of all windows of a literal and all buckets, the pair
// that adds least to the expected number of false hits is taken. What is expected comes from how often each
// byte stands in the sample, as if bytes were independent: they are not, but it orders the choices well
// enough. A hit of the kernel is verified through a hash of its first four bytes and a comparison.
#include "event/literal_search.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <utility>

#include "absl/strings/ascii.h"

namespace gainsay {
namespace {

constexpr size_t kBuckets = 8 * kPasses;
constexpr size_t kSpan = kWindow.back() + 1;  // bytes that a whole window covers
constexpr size_t kHashBits = 12;
constexpr size_t kMaxWindows = 10;

// What is searched when there is nothing to learn from.
constexpr std::string_view kTypicalLog =
    R"({"timestamp":"2026-05-31T04:12:09.113Z","level":"info","logger":"app.worker","message":"request served in )"
    R"(12 ms for user 48213","host":"web-1","pid":4711,"trace_id":"5f0c3b7a9d","duration_ms":12,"status":200})";

constexpr std::array<char, 256> MakeLower() {
  std::array<char, 256> lower{};
  for (size_t i = 0; i < 256; ++i) lower[i] = static_cast<char>(i >= 'A' && i <= 'Z' ? i - 'A' + 'a' : i);
  return lower;
}
constexpr std::array<char, 256> kLower = MakeLower();

// Share of each class of bytes.
std::array<double, 64> Frequencies(std::string_view sample) {
  std::array<double, 64> share;
  share.fill(1e-4);
  for (const char c : sample) share[ClassOf(c)] += 1.0 / static_cast<double>(sample.size());
  return share;
}

// The classes that one offset of one bucket allows, and how likely a byte is of one of them.
struct Allowed {
  uint64_t values = 0;
  double share = 0;

  double With(uint64_t more, const std::array<double, 64>& shares) const {
    if ((more & ~values) == 0) return share;
    if (more == ~uint64_t{0}) return 1;
    return share + shares[static_cast<size_t>(std::countr_zero(more))];
  }
};

// The classes that a literal's window allows at each offset: behind its end any.
std::array<uint64_t, kWindow.size()> ValuesOf(const std::string& literal, size_t offset) {
  std::array<uint64_t, kWindow.size()> values;
  for (size_t k = 0; k < kWindow.size(); ++k) {
    const size_t at = offset + kWindow[k];
    values[k] = at >= literal.size() ? ~uint64_t{0} : uint64_t{1} << ClassOf(literal[at]);
  }
  return values;
}

using Bucket = std::array<Allowed, kWindow.size()>;

// Where a literal is put.
struct Placement {
  size_t offset = 0, bucket = 0;
  double added = 2;
};

Placement BestPlacement(const std::string& literal, const std::array<Bucket, kBuckets>& buckets,
                        const std::array<double, 64>& shares) {
  const bool whole = literal.size() >= kSpan;
  const size_t windows = whole ? std::min(literal.size() - kSpan + 1, kMaxWindows) : 1;
  Placement best;
  for (size_t offset = 0; offset < windows; ++offset) {
    const auto values = ValuesOf(literal, offset);
    // A literal that leaves the last offset open would spoil it for the others.
    for (size_t b = 0; b < (whole ? kBuckets : kBuckets / kPasses); ++b) {
      double with = 1, without = 1;
      for (size_t k = 0; k < kWindow.size(); ++k) {
        with *= buckets[b][k].With(values[k], shares);
        without *= buckets[b][k].share;
      }
      if (with - without < best.added) best = {offset, b, with - without};
    }
  }
  return best;
}

}  // namespace

LiteralSearch::LiteralSearch(std::vector<std::string> literals, std::string_view sample, Kernel kernel)
    : literals_(std::move(literals)),
      heads_(size_t{1} << kHashBits, kNoLiteral),
      short_heads_(size_t{1} << kHashBits, kNoLiteral),
      kernel_(kernel) {
  for (std::string& literal : literals_) absl::AsciiStrToLower(&literal);
  PlaceAll(sample.empty() ? kTypicalLog : sample);
}

void LiteralSearch::PlaceAll(std::string_view sample) {
  const std::array<double, 64> shares = Frequencies(sample);
  std::array<Bucket, kBuckets> buckets;
  std::vector<std::pair<double, uint32_t>> order;
  for (uint32_t i = 0; i < literals_.size(); ++i) {
    double share = 1;
    for (size_t k = 0; k < std::min(literals_[i].size(), kSpan); ++k)
      share *= shares[ClassOf(literals_[i][k])];
    order.emplace_back(-share, i);
  }
  std::sort(order.begin(), order.end());
  for (const auto& [unused, literal] : order) {
    const Placement place = BestPlacement(literals_[literal], buckets, shares);
    const auto values = ValuesOf(literals_[literal], place.offset);
    for (size_t k = 0; k < kWindow.size(); ++k) {
      Allowed& allowed = buckets[place.bucket][k];
      allowed.share = allowed.With(values[k], shares);
      allowed.values |= values[k];
    }
    AddEntry(literal, place.offset);
  }
  for (size_t b = 0; b < kBuckets; ++b) {
    for (size_t k = 0; k < kWindow.size(); ++k) {
      for (size_t value = 0; value < 64; ++value) {
        if (buckets[b][k].values >> value & 1)
          tables_.of[b / 8][k][value] |= static_cast<uint8_t>(1u << (b % 8));
      }
    }
  }
}

// Of the first four bytes, without regard to case (and to some differences that don't matter here).
uint32_t LiteralSearch::HashOf(const char* bytes, size_t known) {
  uint32_t word = 0;
  std::memcpy(&word, bytes, known);
  return ((word | 0x20202020u) * 0x9E3779B1u) >> (32 - kHashBits);
}

void LiteralSearch::AddEntry(uint32_t literal, size_t offset) {
  const auto index = static_cast<uint32_t>(entries_.size());
  entries_.push_back({literal, static_cast<uint32_t>(offset), kNoLiteral});
  if (literals_[literal].size() < 4) {
    entries_[index].next = std::exchange(short_heads_[HashOf(literals_[literal].data(), 2)], index);
  } else {
    entries_[index].next = std::exchange(heads_[HashOf(literals_[literal].data() + offset, 4)], index);
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
  while (next_ != kNoLiteral) {
    const uint32_t index = next_;
    const Entry& entry = search_->entries_[index];
    const std::string& literal = search_->literals_[entry.literal];
    next_ = entry.next;
    // Behind those of four bytes and more come the short ones.
    if (next_ == kNoLiteral && literal.size() >= 4) {
      next_ = search_->short_heads_[HashOf(text_.data() + position, 2)];
    }
    if (position < entry.offset || !search_->Matches(text_, position - entry.offset, literal)) continue;
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
