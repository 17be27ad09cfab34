// All slots are tried at once, byte by byte of the text, until one of them has been gone through, or none is
// left.
#include "record/text_memo.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace gainsay {
namespace {

bool LacksAll(std::string_view text, const std::vector<std::string_view>& parts) {
  return std::none_of(parts.begin(), parts.end(), [text](std::string_view part) {
    return text.find(part) != std::string_view::npos;  // short ones
  });
}

}  // namespace

const TextMemo::Answer* TextMemo::Find(std::string_view beginning, std::string_view text) {
  ++asked_;
  if (agreeing_ == nullptr) return nullptr;
  unsigned left = (1u << kSlots) - 1;
  const size_t size = std::min(TextLook::kMaxPlaces, beginning.size());
  for (size_t at = 0; at < size && left != 0; ++at) {
    left &= (*agreeing_)[at][static_cast<unsigned char>(beginning[at])];
    for (unsigned ended = left & ending_[at]; ended != 0; ended &= ended - 1) {
      const auto slot = static_cast<size_t>(std::countr_zero(ended));
      if (!LacksAll(text, lacking_[slot])) continue;
      ++found_;
      return &answers_[slot];
    }
  }
  return nullptr;
}

void TextMemo::Add(const TextLook& look, Answer answer) {
  ++added_;
  if (look.too_far() || look.alike().empty()) return;
  if (agreeing_ == nullptr) {
    agreeing_ = std::make_unique<std::array<Agreeing, TextLook::kMaxPlaces>>();
    for (Agreeing& at : *agreeing_) at.fill(0);
  }
  const size_t slot = added_ % kSlots;
  const auto bit = static_cast<uint16_t>(1u << slot);
  for (size_t at = 0; at < look.alike().size(); ++at) {
    for (size_t byte = 0; byte < 256; ++byte) {
      // Characters outside ASCII are not told apart by their bytes.
      const bool agrees = byte < 128 && look.alike()[at][byte];
      uint16_t& slots = (*agreeing_)[at][byte];
      slots = static_cast<uint16_t>(agrees ? slots | bit : slots & ~bit);
    }
  }
  for (uint16_t& slots : ending_) slots = static_cast<uint16_t>(slots & ~bit);
  uint16_t& last = ending_[look.alike().size() - 1];
  last = static_cast<uint16_t>(last | bit);
  answers_[slot] = std::move(answer);
  lacking_[slot] = look.lacking();
}

}  // namespace gainsay
