// Literals are placed one by one, the hardest first. Of all windows of a literal and all buckets those are
// kept that look best if bytes were independent of each other, which they are not; of these few the one that
// adds the fewest hits in the sample is taken. The sample is looked at by sets of its positions: one for each
// class of bytes and each offset of the window.
#include "event/literal_windows.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

namespace gainsay {
namespace {

constexpr size_t kBuckets = 8 * kPasses;
constexpr size_t kSpan = kWindows.back().back() + 1;  // bytes that a whole window covers
constexpr size_t kMaxWindows = 10;
constexpr size_t kTried = 12;  // of the windows and buckets
constexpr size_t kSample = size_t{16} << 10;
// What a hit is worth that is only expected, beside one that is seen.
constexpr double kExpected = 0.3;

// What is searched when there is nothing to learn from.
constexpr std::string_view kTypicalLog =
    R"({"timestamp":"2026-05-31T04:12:09.113Z","level":"info","logger":"app.worker","message":"request served in )"
    R"(12 ms for user 48213","host":"web-1","pid":4711,"trace_id":"5f0c3b7a9d","duration_ms":12,"status":200})";

// A set of positions in the sample.
using Positions = std::vector<uint64_t>;

constexpr uint64_t kAll = ~uint64_t{0};

class Sample {
 public:
  explicit Sample(std::string_view text) : words_((text.size() + 63) / 64), everywhere_(words_, kAll) {
    shares_.fill(1e-4);
    for (const WindowOffsets& window : kWindows) {
      for (const size_t offset : window) at_[offset].fill(Positions(words_));
    }
    for (size_t i = 0; i < text.size(); ++i) {
      shares_[ClassOf(text[i])] += 1.0 / static_cast<double>(text.size());
      for (size_t offset = 0; offset < kSpan && i + offset < text.size(); ++offset) {
        std::vector<uint64_t>& at = at_[offset][ClassOf(text[i + offset])];
        if (!at.empty()) at[i / 64] |= uint64_t{1} << (i % 64);
      }
    }
  }
  size_t words() const { return words_; }
  double size() const { return static_cast<double>(words_ * 64); }
  double share(size_t byte_class) const { return shares_[byte_class]; }
  // Where a byte of the class stands so far behind; -1: any byte.
  const Positions& At(size_t offset, int byte_class) const {
    return byte_class < 0 ? everywhere_ : at_[offset][static_cast<size_t>(byte_class)];
  }

 private:
  size_t words_;
  Positions everywhere_;
  std::array<double, 64> shares_;
  std::array<std::array<Positions, 64>, kSpan> at_;  // empty where no window asks
};

// The classes that a literal's window asks for; -1 behind its end.
using Classes = std::array<int, kTested>;

Classes ClassesOf(const std::string& literal, size_t offset, const WindowOffsets& window) {
  Classes classes;
  for (size_t k = 0; k < kTested; ++k) {
    const size_t at = offset + window[k];
    classes[k] = at < literal.size() ? ClassOf(literal[at]) : -1;
  }
  return classes;
}

size_t CountWindows(const std::string& literal, size_t pass) {
  const size_t span = kWindows[pass].back() + 1;
  return literal.size() < span ? 1 : std::min(literal.size() - span + 1, kMaxWindows);
}

// Literals that are shorter than a bucket's window spoil its last offsets for the others. So only buckets of
// the first pass take any, and some of these none that are very short.
size_t ShortestOf(size_t bucket) {
  constexpr size_t kForAll = 6, kForFour = 2;
  return bucket < kForAll ? 0 : bucket < kForAll + kForFour ? 4 : kWindows[bucket / 8].back() + 1;
}

// What one bucket lets pass.
class Bucket {
 public:
  Bucket(const Sample& sample, const WindowOffsets& window) : sample_(&sample), window_(&window) {
    where_.fill(Positions(sample.words()));
  }
  const WindowOffsets& window() const { return *window_; }

  // How many more positions it would let pass, if bytes were independent.
  double ExpectedWith(const Classes& classes) const {
    double with = 1, without = 1;
    for (size_t k = 0; k < kTested; ++k) {
      without *= share_[k];
      with *= classes[k] < 0 ? 1 : Allows(k, classes[k]) ? share_[k] : share_[k] + ShareOf(classes[k]);
    }
    return with - without;
  }
  // How many more of the sample's it would, apart from those in `passed`; counted until it is more than
  // `most`.
  size_t SeenWith(const Classes& classes, const Positions& passed, double most) const {
    std::array<const uint64_t*, kTested> more, now;
    for (size_t k = 0; k < kTested; ++k) {
      now[k] = where_[k].data();
      more[k] = sample_->At((*window_)[k], classes[k]).data();
    }
    size_t seen = 0;
    for (size_t i = 0; i < passed.size() && static_cast<double>(seen) <= most; ++i) {
      const uint64_t hits = (now[0][i] | more[0][i]) & (now[1][i] | more[1][i]) & (now[2][i] | more[2][i]) &
                            (now[3][i] | more[3][i]) & (now[4][i] | more[4][i]) & ~passed[i];
      if (hits != 0) seen += static_cast<size_t>(std::popcount(hits));
    }
    return seen;
  }
  void Add(const Classes& classes, Positions* passed) {
    for (size_t k = 0; k < kTested; ++k) {
      if (classes[k] >= 0 && Allows(k, classes[k])) continue;
      allowed_[k] |= classes[k] < 0 ? kAll : uint64_t{1} << classes[k];
      share_[k] = classes[k] < 0 ? 1 : share_[k] + ShareOf(classes[k]);
      const Positions& more = sample_->At((*window_)[k], classes[k]);
      for (size_t i = 0; i < more.size(); ++i) where_[k][i] |= more[i];
    }
    for (size_t i = 0; i < passed->size(); ++i) {
      (*passed)[i] |= where_[0][i] & where_[1][i] & where_[2][i] & where_[3][i] & where_[4][i];
    }
  }
  bool Allows(size_t k, int byte_class) const { return (allowed_[k] >> byte_class & 1) != 0; }

 private:
  static_assert(kTested == 5);
  double ShareOf(int byte_class) const { return sample_->share(static_cast<size_t>(byte_class)); }

  const Sample* sample_;
  const WindowOffsets* window_;
  std::array<uint64_t, kTested> allowed_ = {};  // classes
  std::array<double, kTested> share_ = {};      // of the sample's bytes
  std::array<Positions, kTested> where_;        // in the sample such a byte stands
};

struct Place {
  size_t offset = 0, bucket = 0;
  double cost = 0;
};

// The few that promise most.
std::vector<Place> Promising(const std::string& literal, const std::vector<Bucket>& buckets) {
  std::vector<Place> places;
  for (size_t pass = 0; pass < kPasses; ++pass) {
    for (size_t offset = 0; offset < CountWindows(literal, pass); ++offset) {
      const Classes classes = ClassesOf(literal, offset, kWindows[pass]);
      for (size_t b = 8 * pass; b < 8 * (pass + 1); ++b) {
        if (literal.size() < ShortestOf(b)) continue;
        places.push_back({offset, b, buckets[b].ExpectedWith(classes)});
      }
    }
  }
  const size_t tried = std::min(kTried, places.size());
  std::partial_sort(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(tried), places.end(),
                    [](const Place& a, const Place& b) { return a.cost < b.cost; });
  places.resize(tried);
  return places;
}

Place BestPlace(const std::string& literal, const std::vector<Bucket>& buckets, const Sample& sample,
                const Positions& passed) {
  Place best;
  best.cost = std::numeric_limits<double>::infinity();
  for (Place place : Promising(literal, buckets)) {
    place.cost *= kExpected * sample.size();
    const Bucket& bucket = buckets[place.bucket];
    const Classes classes = ClassesOf(literal, place.offset, bucket.window());
    const size_t seen = bucket.SeenWith(classes, passed, best.cost - place.cost);
    place.cost += static_cast<double>(seen);
    if (place.cost < best.cost) best = place;
  }
  return best;
}

// Short ones first, then those whose bytes are frequent.
std::vector<uint32_t> HardestFirst(const std::vector<std::string>& literals, const Sample& sample) {
  std::vector<std::pair<double, uint32_t>> order;
  for (uint32_t i = 0; i < literals.size(); ++i) {
    const std::string& literal = literals[i];
    double share = 1;
    for (size_t k = 0; k < std::min(literal.size(), kSpan); ++k) share *= sample.share(ClassOf(literal[k]));
    const double missing = static_cast<double>(kSpan - std::min(literal.size(), kSpan));
    order.emplace_back(-share - missing, i);
  }
  std::sort(order.begin(), order.end());
  std::vector<uint32_t> sorted;
  for (const auto& [unused, literal] : order) sorted.push_back(literal);
  return sorted;
}

}  // namespace

LiteralWindows LearnWindows(const std::vector<std::string>& literals, std::string_view text) {
  const Sample sample(text.empty() ? kTypicalLog : text.substr(0, kSample));
  std::vector<Bucket> buckets;
  for (const WindowOffsets& window : kWindows) buckets.resize(buckets.size() + 8, Bucket(sample, window));
  Positions passed(sample.words());
  LiteralWindows windows;
  windows.offsets.resize(literals.size());
  for (const uint32_t literal : HardestFirst(literals, sample)) {
    const Place place = BestPlace(literals[literal], buckets, sample, passed);
    Bucket& bucket = buckets[place.bucket];
    bucket.Add(ClassesOf(literals[literal], place.offset, bucket.window()), &passed);
    windows.offsets[literal] = static_cast<uint32_t>(place.offset);
  }
  for (size_t b = 0; b < kBuckets; ++b) {
    for (size_t k = 0; k < kTested; ++k) {
      for (int c = 0; c < 64; ++c) {
        if (buckets[b].Allows(k, c)) windows.tables.of[b / 8][k][c] |= static_cast<uint8_t>(1u << (b % 8));
      }
    }
  }
  return windows;
}

}  // namespace gainsay
