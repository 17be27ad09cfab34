// Which lines of a stream may tell a time that the lines before them did not: of a dense log few, so that
// who wants to know how far it has come in time need not read the others.
//
//   FreshTimes fresh;
//   fresh.Open(chunk.bytes, chunk.offset);     // each chunk, in order
//   for (const FreshTimes::Line& line : fresh.lines()) …
//
// It is asked of the raw bytes, and is a function of them and of where they stand in the stream, however it
// is cut into chunks. What looks like a time in a line is compared down to the twentieth of a second. Only lines
// that begin with '{' are asked; to all others it is answered "may". Thread rules: one object, one thread.
#ifndef GAINSAY_RECORD_FRESH_TIMES_H_
#define GAINSAY_RECORD_FRESH_TIMES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gainsay {

class FreshTimes {
 public:
  struct Line {
    size_t begin = 0;       // in the chunk
    uint64_t agreeing = 0;  // lines before it, behind the fresh one before, that look just like that one
  };

  // Whole lines, kChunkPadding readable bytes behind them; `offset` is that of the first byte in the stream.
  void Open(std::string_view chunk, uint64_t offset);

  // Those of the chunk that begin with '{', in order. Valid until the next Open.
  const std::vector<Line>& lines() const { return lines_; }

  // What it remembers of the lines so far, and a way to go on from there.
  static constexpr size_t kRemembered = 32;
  using Memory = std::array<uint64_t, kRemembered + 4>;
  Memory memory() const;
  void Resume(const Memory& memory);

 private:
  bool IsFresh(std::string_view line, uint64_t offset);
  bool Look(std::string_view line);
  bool LookAt(std::string_view line, size_t from, size_t to);
  bool See(std::string_view text);

  std::vector<Line> lines_;
  std::array<uint64_t, kRemembered> seen_ = {};  // times, the last ones
  uint64_t next_ = 0;                            // of these, the one to be forgotten
  uint64_t times_ = 0;                           // those of the line at hand; 0: none
  uint64_t last_ = 0;                            // those of the last fresh line
  uint64_t agreeing_ = 0;                        // lines since, with the same
  uint64_t part_ = UINT64_MAX;                   // of the stream, of the last line
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_FRESH_TIMES_H_
