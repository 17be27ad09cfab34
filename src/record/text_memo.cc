// What is alike at a place is mostly a range or two: a digit, a letter, anything but a bracket. So a slot is
// two ranges for each place, and many places are compared at once. Which slots are worth that, the first few
// bytes tell for all of them.
#include "record/text_memo.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "record/find_text.h"

namespace gainsay {
namespace {

// Characters outside ASCII are not told apart by their bytes.
constexpr size_t kAscii = 128;

bool LacksAll(std::string_view text, const std::vector<std::string_view>& parts) {
  return std::none_of(parts.begin(), parts.end(), [text](std::string_view part) {
    return FindText(text, part) != std::string_view::npos;
  });
}

}  // namespace

bool TextMemo::Slot::Takes(const Beginning& beginning) const {
  for (size_t block = 0; block < size; block += kBlock) {
#ifdef __SSE2__
    const auto load = [block](const Beginning& from) {
      return _mm_load_si128(reinterpret_cast<const __m128i*>(from.data() + block));
    };
    const __m128i bytes = load(beginning);
    const auto lie_in = [&](const Ranges& ranges) {
      const __m128i above = _mm_sub_epi8(bytes, load(ranges.low));
      return _mm_cmpeq_epi8(_mm_min_epu8(above, load(ranges.more)), above);
    };
    if (_mm_movemask_epi8(_mm_or_si128(lie_in(first), lie_in(second))) != 0xFFFF) return false;
#else
    for (size_t i = block; i < block + kBlock; ++i) {
      const auto lies_in = [&](const Ranges& ranges) {
        return static_cast<uint8_t>(beginning[i] - ranges.low[i]) <= ranges.more[i];
      };
      if (!lies_in(first) && !lies_in(second)) return false;
    }
#endif
  }
  return true;
}

const TextMemo::Answer* TextMemo::Find(std::string_view beginning, std::string_view text) {
  alignas(kBlock) Beginning bytes;
  const size_t known = std::min(kPlaces, beginning.size());
  std::memcpy(bytes.data(), beginning.data(), known);
  std::memset(bytes.data() + known, 0, kPlaces - known);
  uint64_t may = ~uint64_t{0};
  for (size_t at = 0; at < kTold; ++at) may &= told_[at][bytes[at]];
  for (; may != 0; may &= may - 1) {
    Slot& slot = *slots_[static_cast<size_t>(std::countr_zero(may))];
    if (slot.size > known || !slot.Takes(bytes) || !LacksAll(text, slot.lacking)) continue;
    ++slot.found;
    return &slot.answer;
  }
  ++missed_;
  return nullptr;
}

// The range around the text's own byte, and the widest of the others: of two the later one, since logs write
// numbers in lower case.
void TextMemo::SetRanges(const TextLook::Bytes& alike, size_t own, size_t at, Slot* slot) {
  size_t widest = 0;
  for (size_t low = 0, high = 0; low < kAscii; low = high + 1) {
    high = low;
    if (!alike[low]) continue;
    while (high + 1 < kAscii && alike[high + 1]) ++high;
    const bool is_own = low <= own && own <= high;
    if (!is_own && high + 1 - low < widest) continue;
    if (!is_own) widest = high + 1 - low;
    Ranges& ranges = is_own ? slot->first : slot->second;
    ranges.low[at] = static_cast<uint8_t>(low);
    ranges.more[at] = static_cast<uint8_t>(high - low);
  }
  if (widest > 0) return;
  slot->second.low[at] = slot->first.low[at];
  slot->second.more[at] = slot->first.more[at];
}

// Of the slot with this number, which is new.
void TextMemo::Tell(size_t number) {
  static_assert(kSlots <= 64 && kTold <= kPlaces);
  const Slot& slot = *slots_[number];
  const uint64_t bit = uint64_t{1} << number;
  for (size_t at = 0; at < kTold; ++at) {
    for (size_t byte = 0; byte < told_[at].size(); ++byte) {
      const auto lies_in = [&](const Ranges& ranges) {
        return static_cast<uint8_t>(byte - ranges.low[at]) <= ranges.more[at];
      };
      const bool takes = lies_in(slot.first) || lies_in(slot.second);
      told_[at][byte] = takes ? told_[at][byte] | bit : told_[at][byte] & ~bit;
    }
  }
}

void TextMemo::Add(std::string_view text, const TextLook& look, Answer answer) {
  wait_ = last_added_ != nullptr && last_added_->found < kUseful ? std::min(2 * wait_, kMaxWait) : kMinWait;
  missed_ = 0;
  last_added_ = nullptr;
  if (look.too_far() || look.alike().empty() || look.alike().size() > text.size()) return;
  auto slot = std::make_unique<Slot>();
  slot->size = look.alike().size();
  slot->first.more.fill(0xFF);  // behind the end
  for (size_t at = 0; at < slot->size; ++at) {
    const auto own = static_cast<unsigned char>(text[at]);
    if (own >= kAscii) return;
    SetRanges(look.alike()[at], own, at, slot.get());
  }
  slot->lacking = look.lacking();
  slot->answer = std::move(answer);
  last_added_ = slot.get();
  if (slots_.size() < kSlots) {
    slots_.push_back(std::move(slot));
    Tell(slots_.size() - 1);
    return;
  }
  const auto least = std::min_element(slots_.begin(), slots_.end(),
                                      [](const auto& a, const auto& b) { return a->found < b->found; });
  *least = std::move(slot);
  Tell(static_cast<size_t>(least - slots_.begin()));
  for (const std::unique_ptr<Slot>& each : slots_) each->found /= 2;
}

}  // namespace gainsay
