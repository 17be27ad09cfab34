// The lines of a chunk in order, with a look ahead: who looks for the lines of one record among
// those of others claims them, and they are passed over when their turn comes.
//
//   LineQueue queue;
//   queue.Open(chunk.bytes, chunk.first_line);
//   while (queue.Take(&line)) …
//
// Nothing outlives the chunk. Views are into it; a QueuedLine pointer is valid
// until the next Peek or Take.
// Thread rules: one object, one thread. For reader.cc.
#ifndef GAINSAY_RECORD_LINE_QUEUE_H_
#define GAINSAY_RECORD_LINE_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "record/strand.h"

namespace gainsay {

struct QueuedLine {
  std::string_view line;  // without its newline
  bool claimed = false;   // belongs to a record before it

  // Found out when first asked for: most lines ahead are only glanced at.
  const Strand& strand() const {
    if (!known_strand) known_strand = StrandOf(line);
    return *known_strand;
  }
  mutable std::optional<Strand> known_strand;
};

class LineQueue {
 public:
  void Open(std::string_view bytes, uint64_t first_line);
  // The next line, claimed or not. False at the end.
  bool Take(QueuedLine* line);
  // The line `i` behind the one last taken, from 0; null at the end.
  QueuedLine* Peek(size_t i);
  // Whether the next line begins so, told without reading it.
  bool NextBeginsWith(std::string_view text) const {
    return bytes_.substr(next_offset()).starts_with(text);
  }
  // Where in the bytes the next line begins; their size at the end.
  size_t next_offset() const;
  // Passes over the lines before `offset`, the beginning of a line behind the next one.
  void Skip(size_t offset, uint64_t lines);
  uint64_t number() const { return number_; }  // of the line last taken

 private:
  bool Read(QueuedLine* line);

  std::string_view bytes_;
  size_t next_ = 0;
  uint64_t number_ = 0;
  std::vector<QueuedLine> ring_;  // of a power of two
  size_t first_ = 0, ahead_ = 0;  // where the lines ahead begin, and how many there are
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_LINE_QUEUE_H_
