// The regex's tree (record/pattern_tree.h) is gone through with the set of places that a part of it may have
// in a match, as far as these are among the first few: what a character takes may stand there. What may be
// missing at the begin is left out: the rest of the match is one as well. Of characters outside ASCII the
// first byte is told; what stands behind it is not, as their sizes differ.
#include "event/match_begins.h"

#include <algorithm>
#include <bit>

namespace gainsay {
namespace {

using Node = PatternNode;
using Kind = PatternNode::Kind;
using Bytes = std::bitset<256>;

constexpr size_t kDepth = MatchBegins::kMaxDepth;
// A bit for each place, 0 to kDepth - 1, and one for all behind.
using Places = std::bitset<kDepth + 1>;

class FirstBytes {
 public:
  // Where the node may end if it begins at one of `at`.
  Places Walk(const Node& node, Places at);
  const std::array<Bytes, kDepth>& bytes() const { return bytes_; }

 private:
  Places WalkChar(const Node& node, Places at);
  Places WalkRepeat(const Node& node, Places at);
  // Whether no place of it is looked at.
  static bool IsFar(Places at) { return at.reset(kDepth).none(); }
  static Places Behind(Places at) {
    const bool is_far = at[kDepth];
    at <<= 1;
    at[kDepth] = at[kDepth] || is_far;
    return at;
  }

  std::array<Bytes, kDepth> bytes_;
};

Places FirstBytes::WalkChar(const Node& node, Places at) {
  Bytes bytes = node.bytes;
  for (size_t byte = 0x80; node.beyond != BeyondAscii::kNone && byte < 0x100; ++byte) bytes.set(byte);
  for (size_t i = 0; i < kDepth; ++i) {
    if (at[i]) bytes_[i] |= bytes;
  }
  return Behind(at);
}

Places FirstBytes::WalkRepeat(const Node& node, Places at) {
  Places ends = node.least == 0 ? at : Places();
  for (int times = 1; node.most < 0 || times <= node.most; ++times) {
    const Places before = ends;
    at = Walk(*node.parts[0], at);
    if (times >= node.least) ends |= at;
    // Nothing more to learn: all is far, or the loop reads nothing.
    if (IsFar(at) || (times >= node.least && ends == before)) return ends | at;
  }
  return ends;
}

Places FirstBytes::Walk(const Node& node, Places at) {
  Places ends;
  if (IsFar(at)) return at;
  switch (node.kind) {
    case Kind::kChar:
      return WalkChar(node, at);
    case Kind::kRepeat:
      return WalkRepeat(node, at);
    case Kind::kEither:
      for (const auto& part : node.parts) ends |= Walk(*part, at);
      return ends;
    default:
      for (const auto& part : node.parts) at = Walk(*part, at);
      return at;
  }
}

}  // namespace

MatchBegins::MatchBegins(const PatternTree& core) {
  if (!core.root) return;
  FirstBytes first;
  const Places ends = first.Walk(*core.root, Places(1));
  while (depth_ < kMaxDepth && !ends[depth_]) ++depth_;
  for (size_t i = 0; i < depth_; ++i) {
    halves_[i] = HalvesOf(first.bytes()[i]);
    for (size_t byte = 0; byte < 256; ++byte) {
      if (first.bytes()[i][byte]) may_stand_[byte] = static_cast<uint8_t>(may_stand_[byte] | 1u << i);
    }
  }
}

double MatchBegins::ShareOfPlaces() const {
  constexpr std::string_view kUsual = "abcdefghijklmnopqrstuvwxyz ";
  double share = 1;
  for (size_t i = 0; i < depth_; ++i) {
    const auto stands = [&](char c) { return (may_stand_[static_cast<unsigned char>(c)] >> i & 1) != 0; };
    share *= static_cast<double>(std::ranges::count_if(kUsual, stands)) / static_cast<double>(kUsual.size());
  }
  return share;
}

size_t MatchBegins::NextPlain(std::string_view text, size_t from) const {
  if (depth_ == 0) return from <= text.size() ? from : kNowhere;
  unsigned open = 0, untold = 0;  // bit i: the last i + 1 bytes may be a match's first
  for (size_t at = from; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    untold <<= 1;
    open = ((open << 1 | 1u) & may_stand_[byte]) | untold;
    if (byte >= 0x80) untold |= open;
    if (open >> (depth_ - 1) & 1) return at - (depth_ - 1);
  }
  return kNowhere;
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) size_t MatchBegins::NextAvx2(std::string_view text, size_t from) const {
  constexpr size_t kAtOnce = 32;
  const size_t end = text.size() - (depth_ - 1);  // of the places
  for (size_t at = from; at < end; at += kAtOnce) {
    const size_t begin = std::min(at, end - kAtOnce);  // the last block goes over some places again
    __m256i open = _mm256_set1_epi8(-1), untold = _mm256_setzero_si256();
    for (size_t i = 0; i < depth_; ++i) {
      const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + begin + i));
      const __m256i is_none = IsNoneOf(bytes, HalfTable(halves_[i].low), HalfTable(halves_[i].high));
      open = _mm256_or_si256(_mm256_andnot_si256(is_none, open), untold);
      const __m256i is_beyond = _mm256_cmpgt_epi8(_mm256_setzero_si256(), bytes);
      untold = _mm256_or_si256(untold, _mm256_and_si256(open, is_beyond));
    }
    auto places = static_cast<uint32_t>(_mm256_movemask_epi8(open));
    places &= UINT32_MAX << (at - begin);
    if (places != 0) return begin + static_cast<size_t>(std::countr_zero(places));
  }
  return kNowhere;
}

size_t MatchBegins::Next(std::string_view text, size_t from) const {
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  const bool is_long = depth_ > 0 && text.size() >= from && text.size() - from >= 32 + kMaxDepth;
  return has_avx2 && is_long ? NextAvx2(text, from) : NextPlain(text, from);
}

#else

size_t MatchBegins::Next(std::string_view text, size_t from) const { return NextPlain(text, from); }

#endif

}  // namespace gainsay
