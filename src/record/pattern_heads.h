// Many regexes, most of them anchored at the text's begin: which of them may match it? One step a byte for
// all of them together, and only as far as one of them may still begin there.
//
//   PatternHeads heads;
//   for (…) heads.Add(pattern);
//   for (uint32_t number : heads.Find(text)) …  // the others don't match
//
// Immutable after the last Add, to its users; may be shared by threads.
#ifndef GAINSAY_RECORD_PATTERN_HEADS_H_
#define GAINSAY_RECORD_PATTERN_HEADS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "record/text_look.h"

namespace gainsay {

class PatternHeads {
 public:
  PatternHeads();
  ~PatternHeads();
  PatternHeads(const PatternHeads&) = delete;
  PatternHeads& operator=(const PatternHeads&) = delete;

  // A pattern that RE2 takes; its number is how many were added before.
  void Add(std::string pattern);

  // The numbers of those that may match, in order. Lets through too much rather than too little: what may
  // match behind the text's begin, or is too difficult to tell, always. Valid as long as the object.
  const std::vector<uint32_t>& Find(std::string_view text) const {
    const State* state = begin_.load(std::memory_order_acquire);
    if (state == nullptr) state = Begin();
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      const State* next = state->next[byte].load(std::memory_order_acquire);
      if (next == nullptr && (next = Step(state, byte)) == nullptr) return state->begun;
      state = next;
      if (state->is_last) break;
    }
    return *state->found;
  }
  // More of them, as only the first `most` bytes are looked at; `look` is told.
  const std::vector<uint32_t>& FindEarly(std::string_view text, size_t most, TextLook* look) const;

 private:
  class Builder;
  // What is known of a text behind some bytes of it.
  struct State {
    // By the next byte; null: not worked out yet.
    mutable std::array<std::atomic<const State*>, 256> next = {};
    bool is_last = false;                          // nothing more can be found
    const std::vector<uint32_t>* open = nullptr;   // the places in patterns that were reached
    const std::vector<uint32_t>* found = nullptr;  // the patterns whose ends were reached
    std::vector<uint32_t> begun;                   // and those that may still come to theirs
    // What was asked for: sets of bytes that are one to all open places. Under the lock.
    mutable std::vector<TextLook::Bytes> alike;
  };
  const State* Begin() const;
  // Null if there are too many states already.
  const State* Step(const State* from, unsigned char byte) const;

  std::unique_ptr<Builder> builder_;
  mutable std::atomic<const State*> begin_{nullptr};
  mutable std::atomic<bool> is_full_{false};
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_PATTERN_HEADS_H_
