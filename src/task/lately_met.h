// The numbers of things that were met lately, by a hash of a few of their looks: who meets one of them again
// finds it by comparing it with the thing itself, before anything is made to look it up by.
//
//   uint32_t number = lately.Find(hash, [&](uint32_t candidate) { return IsIt(candidate); });
//   if (number == LatelyMet::kNone) lately.Put(hash, number = LookUp());
//
// Thread rules: one object, one thread.
#ifndef GAINSAY_TASK_LATELY_MET_H_
#define GAINSAY_TASK_LATELY_MET_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace gainsay {

class LatelyMet {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // The first of those with the hash that is the one, kNone if there is none. Asks a few at most.
  template <typename IsIt>
  uint32_t Find(uint64_t hash, IsIt is_it) {
    Few& few = FewOf(hash);
    for (size_t i = 0; i < few.size() && few[i] != kNone; ++i) {
      const uint32_t number = few[i];
      if (!is_it(number)) continue;
      if (i > 0) std::swap(few[i], few[i - 1]);  // what comes often is asked first
      return number;
    }
    return kNone;
  }
  void Put(uint64_t hash, uint32_t number) {
    Few& few = FewOf(hash);
    std::move_backward(few.begin(), few.end() - 1, few.end());
    few[0] = number;
  }

  // A hash of the one before and a text's size and last bytes.
  static uint64_t Mix(uint64_t hash, std::string_view text) {
    uint64_t bytes = 0;
    const size_t size = std::min(text.size(), sizeof bytes);
    if (size > 0) std::memcpy(&bytes, text.data() + (text.size() - size), size);
    return Mix(hash, bytes + text.size());
  }
  static uint64_t Mix(uint64_t hash, uint64_t number) {
    hash = (hash ^ number) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
  }

 private:
  static constexpr size_t kFew = 6, kHashes = 512;
  using Few = std::array<uint32_t, kFew>;
  static constexpr Few kNothing = [] {
    Few few = {};
    few.fill(kNone);
    return few;
  }();
  Few& FewOf(uint64_t hash) { return met_[hash % kHashes]; }

  std::vector<Few> met_ = std::vector<Few>(kHashes, kNothing);
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_LATELY_MET_H_
