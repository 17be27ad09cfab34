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
  // Whether the next answer is worth being remembered, which costs as much as hundreds of matches: after some
  // texts that were not known, and many more where what was remembered last is of no use.
  bool WantsMore() const { return missed_ >= wait_; }
  // `text` is the one that was looked at.
  void Add(std::string_view text, const TextLook& look, Answer answer);

 private:
  static constexpr size_t kSlots = 64, kPlaces = TextLook::kMaxPlaces, kBlock = 16;
  static constexpr uint64_t kMinWait = 32, kMaxWait = 1024, kUseful = 16;

  using Beginning = std::array<uint8_t, kPlaces>;
  // By place, from `low` on so many more.
  struct Ranges {
    alignas(kBlock) std::array<uint8_t, kPlaces> low = {};
    alignas(kBlock) std::array<uint8_t, kPlaces> more = {};
  };
  // Is for the texts each of whose first `size` bytes lies in one of two ranges.
  struct Slot {
    Ranges first, second;
    size_t size = 0;
    std::vector<std::string_view> lacking;
    Answer answer;
    uint64_t found = 0;  // lately

    bool Takes(const Beginning& beginning) const;
  };
  void Tell(size_t number);
  static void SetRanges(const TextLook::Bytes& alike, size_t own, size_t at, Slot* slot);

  static constexpr size_t kTold = 8;
  std::vector<std::unique_ptr<Slot>> slots_;
  // By one of the first places and the byte there: a bit for each slot that may take a text with it.
  std::array<std::array<uint64_t, 256>, kTold> told_ = {};
  const Slot* last_added_ = nullptr;
  uint64_t missed_ = 0, wait_ = kMinWait;  // texts since the last was added
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_TEXT_MEMO_H_
