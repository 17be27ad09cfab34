// How the last texts of a source were matched. Most texts of a log begin as one of a few did, up to digits
// and names: what a matcher looked at in that one (text_look.h) answers for all of them.
//
//   TextMemo memo;
//   texts.Match(text, &memo, &parts);  // as texts.Match(text, &parts), but sooner
//
// One object, one thread, one TextFormats, which must outlive it.
#ifndef GAINSAY_RECORD_TEXT_MEMO_H_
#define GAINSAY_RECORD_TEXT_MEMO_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "record/text_look.h"

namespace gainsay {

class TextMemo {
 public:
  // What the matcher found.
  struct Answer {
    const void* format = nullptr;  // the matcher's own; null: none matches
    std::vector<size_t> places;    // of its groups
    size_t end = 0;                // of the match
  };

  // The answer for each text that begins so, and lacks what `text` lacks; or null.
  const Answer* Find(std::string_view beginning, std::string_view text);
  // Whether the next answer is worth being remembered, which costs as much as a hundred matches: now and
  // then, and seldom where the slots are of use.
  bool WantsMore() const {
    return asked_ >= kAskedPerAdded * (added_ + 1) &&
           (added_ < 2 * kSlots || added_ < found_ / kFoundPerAdded);
  }
  void Add(const TextLook& look, Answer answer);

 private:
  static constexpr size_t kSlots = 16;
  static constexpr uint64_t kAskedPerAdded = 256, kFoundPerAdded = 4096;
  // By place and byte: the slots whose look it agrees with.
  using Agreeing = std::array<uint16_t, 256>;

  std::unique_ptr<std::array<Agreeing, TextLook::kMaxPlaces>> agreeing_;  // made when first needed
  std::array<uint16_t, TextLook::kMaxPlaces> ending_ = {};  // by place: the slots whose look ends there
  std::array<Answer, kSlots> answers_;
  std::array<std::vector<std::string_view>, kSlots> lacking_;
  uint64_t asked_ = 0, added_ = 0, found_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_TEXT_MEMO_H_
