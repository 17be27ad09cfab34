// Which lines of a chunk have to be read at all, as somebody further on in the house knows.
#ifndef GAINSAY_RECORD_LINE_FILTER_H_
#define GAINSAY_RECORD_LINE_FILTER_H_

#include <cstddef>
#include <string_view>

namespace gainsay {

// One filter, one thread.
class LineFilter {
 public:
  virtual ~LineFilter() = default;

  // Begins with a chunk's bytes: whole lines, kChunkPadding readable bytes behind them, valid until the next
  // call.
  virtual void Open(std::string_view bytes) = 0;

  // The beginning of the first line at or behind `from`, itself the beginning of a line, that has to be read;
  // the chunk's size if there is none. `from` never goes back. A line that is not read gives no event;
  // whatever else it tells (its time, the record that it continues) the reader sees to itself. It is spelled
  // out: letters and digits that its values say stand in it as they are, one after the other, not escaped, as
  // bytes in numbers, with colours between them or going on in another line.
  virtual size_t NextLine(size_t from) = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_LINE_FILTER_H_
