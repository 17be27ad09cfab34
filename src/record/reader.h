// Chunks in, records out. Told for each line: a JSON object (of whatever logger, or of
// `journalctl -o json`), plain text, a continuation of the record before it, blank, or malformed
// (begins like a JSON object and is none). Layers are unwrapped: JSON in a message string, text
// formats in a message, JSON behind a text format's prefix. Objects printed over several lines, lines that a
// container runtime split, and continuations that are wrapped line by line among the lines of others
// (strand.h) are put together again.
//
//   RecordReader reader(plan, texts, zone);
//   reader.Open(chunk, source);
//   while (const Record* r = reader.Next()) …
//
// The accounting law, per chunk: lines == records + malformed + blank + folded + skipped. A line of
// OpenTelemetry holds many records: it counts as one, the others as `packed`, and all of them stand at
// that line.
// Thread rules: one reader, one thread; the plan and the formats are shared.
#ifndef GAINSAY_RECORD_READER_H_
#define GAINSAY_RECORD_READER_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "input/chunk.h"
#include "record/attribute_paths.h"
#include "record/fields.h"
#include "record/line_filter.h"
#include "record/record.h"
#include "record/text.h"

namespace gainsay {

// What became of the lines. Adds up over chunks.
struct ReadCounters {
  uint64_t lines = 0, records = 0, malformed = 0, blank = 0, folded = 0;
  uint64_t packed = 0;   // further records of a line that holds several
  uint64_t skipped = 0;  // rejected unread by a prefilter
  uint64_t bytes = 0;
  uint64_t overlong = 0;              // of the malformed: longer than the cap
  uint64_t null_messages = 0;         // of the records: journald printed null instead of a long message
  uint64_t invalid_utf8 = 0;          // of the records: bytes that are no UTF-8 were replaced
  uint64_t first_malformed_line = 0;  // 0 = none

  void Add(const ReadCounters& other);
  bool AddUp() const { return lines == records + malformed + blank + folded + skipped; }
};

class RecordReader {
 public:
  // What is read of a record: all, or only its time and its message, which is sooner done. By severities the
  // reader also tells what belongs to a record, so only lines that are read one by one may be read so.
  enum class What { kAll, kTime };

  // `plan` and `texts` must outlive the reader.
  RecordReader(const FieldPlan& plan, const TextFormats& texts, Zone zone, What what = What::kAll);
  ~RecordReader();
  RecordReader(RecordReader&&) noexcept;

  // Begins a chunk; its bytes must stay valid (and padded) until the last Next().
  void Open(const Chunk& chunk, uint32_t source);

  // The next record, or null at the chunk's end. Valid until the next call.
  const Record* Next();

  // From the next Open() on, only lines that the filter asks for are read, and what belongs to them: the line
  // that a continuation continues, and the lines that continue one. The others are counted as skipped. Null:
  // all lines are read. The filter must outlive its use.
  void Filter(LineFilter* filter);

  // The lines between the record that Next() gave (or the chunk's end) and the record before, if some of them
  // were skipped; else "". Those of a strand (strand.h) among them are no records.
  std::string_view skipped() const;
  // Whether the record that Next() gave is one line of the chunk, an object, and holds nothing else.
  bool stands_alone() const;

  // From now on, the paths of all attributes of all layers are added to `paths`.
  void Observe(AttributePaths* paths);

  const ReadCounters& counters() const;  // of all chunks since construction, or since they were taken
  ReadCounters TakeCounters();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// For ChunkReader: a record surely begins at this line, whatever stands before it
// (a JSON object, or a text format's line).
bool StartsRecord(std::string_view line, const TextFormats& texts);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_READER_H_
