// One log record, as views into the chunk (or the reader's scratch) it was read from.
//
// A record is what it says, whatever wrapped it: for `{"MESSAGE": "{\"level\":\"error\",…}"}`
// the level, time, message and ids are the inner ones, and what is missing there is
// the wrapper's.
//
// Views are valid until the reader that made the record reads the next one.
#ifndef GAINSAY_RECORD_RECORD_H_
#define GAINSAY_RECORD_RECORD_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "record/severity.h"
#include "record/time.h"
#include "rule/field.h"

namespace gainsay {

// Where a record stands: `line` counts from 1, `offset` from 0 in the decompressed bytes.
struct Position {
  uint32_t source = 0;  // index into the scan's sources
  uint64_t line = 0;
  uint64_t offset = 0;
};

struct TextFormat;
inline constexpr size_t kMaxFormats = 4;

struct Record {
  Position position;
  uint32_t lines = 1;           // the record's own line and those folded into it
  std::string_view raw;         // all its lines, without the last newline

  int64_t time_ns = kNoTime;    // as the record says it; the pipeline's Clock orders it
  int64_t time_unit_ns = 1;     // its resolution
  bool time_has_date = true;
  bool time_has_year = true;
  Severity severity = kNoSeverity;

  std::string_view message;     // the innermost message, its first line's text for plain text
  std::string_view error;       // error text: error fields, exception text, folded lines
  bool message_is_null = false; // journald printed null: the message was too large

  // The well-known fields, innermost layer first; "" where missing. Index: rule/field.h.
  // message, level, time and error are above.
  std::string_view fields[kFieldCount];
  // The attribute paths that rules ask for, by FieldPlan slot; data()==nullptr where missing.
  std::vector<std::string_view> attributes;

  // The text formats that took it apart, outermost first, then null.
  const TextFormat* formats[kMaxFormats] = {};

  std::string_view field(Field f) const { return fields[static_cast<size_t>(f)]; }
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_RECORD_H_
