// What a matcher looked at in a text: at each place the bytes that would have led the same way. A text that
// has such bytes at all these places, and lacks what the first one lacked, is matched in the same way,
// whatever else it holds.
//
// One object, one thread.
#ifndef GAINSAY_RECORD_TEXT_LOOK_H_
#define GAINSAY_RECORD_TEXT_LOOK_H_

#include <bitset>
#include <cstddef>
#include <string_view>
#include <vector>

namespace gainsay {

class TextLook {
 public:
  using Bytes = std::bitset<256>;
  // Looks that go further are not told.
  static constexpr size_t kMaxPlaces = 128;

  // It was asked whether the byte at `at` is one of `asked`; `byte` is.
  void At(size_t at, unsigned char byte, const Bytes& asked) {
    if (at >= kMaxPlaces) return TooFar();
    if (at >= alike_.size()) alike_.resize(at + 1, Bytes().set());
    alike_[at] &= asked[byte] ? asked : ~asked;
  }
  // The answer depends on more than that: on where the text ends, or on what lies too far.
  void TooFar() { too_far_ = true; }
  // The answer depends on it that `part` stands nowhere in the text; valid as long as the matcher.
  void Lacks(std::string_view part) {
    const auto holds = [](std::string_view text, std::string_view in_it) {
      return text.find(in_it) != std::string_view::npos;
    };
    for (const std::string_view lacking : lacking_) {
      if (holds(part, lacking)) return;
    }
    std::erase_if(lacking_, [&](std::string_view lacking) { return holds(lacking, part); });
    lacking_.push_back(part);
  }
  void Add(const TextLook& other) {
    if (other.alike_.size() > alike_.size()) alike_.resize(other.alike_.size(), Bytes().set());
    for (size_t at = 0; at < other.alike_.size(); ++at) alike_[at] &= other.alike_[at];
    for (const std::string_view part : other.lacking_) Lacks(part);
    too_far_ = too_far_ || other.too_far_;
  }

  bool too_far() const { return too_far_; }
  // By place. What was not looked at is alike whatever it is, but it is there.
  const std::vector<Bytes>& alike() const { return alike_; }
  const std::vector<std::string_view>& lacking() const { return lacking_; }

 private:
  std::vector<Bytes> alike_;
  std::vector<std::string_view> lacking_;
  bool too_far_ = false;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_TEXT_LOOK_H_
