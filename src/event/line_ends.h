// Where the lines of a text end, one after the other: they are looked for in many blocks of it at once.
//
//   LineEnds ends;
//   ends.Open(text);
//   for (size_t begin = 0; begin < text.size(); begin = ends.Next(begin) + 1) …
//
// It belongs to one thread.
#ifndef GAINSAY_EVENT_LINE_ENDS_H_
#define GAINSAY_EVENT_LINE_ENDS_H_

#include <array>
#include <cstddef>
#include <string_view>

namespace gainsay {

class LineEnds {
 public:
  static constexpr size_t kBlock = 64;

  // Behind the text kBlock bytes must be readable.
  void Open(std::string_view text) {
    text_ = text;
    searched_ = next_ = count_ = 0;
  }
  // The first newline at or behind `from`; the text's size if there is none. `from` never goes back.
  size_t Next(size_t from) {
    while (true) {
      for (; next_ < count_; ++next_) {
        if (ends_[next_] >= from) return ends_[next_];
      }
      if (searched_ >= text_.size()) return text_.size();
      Search(from);
    }
  }

 private:
  static constexpr size_t kMost = 32 * kBlock;
  void Search(size_t from);

  std::string_view text_;
  size_t searched_ = 0;  // up to there
  size_t next_ = 0, count_ = 0;
  std::array<size_t, kMost + 1> ends_;  // each block puts one there, be it an end or not
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LINE_ENDS_H_
