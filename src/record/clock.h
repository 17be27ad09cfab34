// The order of records in time, within one source. DESIGN.md section 3, "Order".
//
//   Clock clock(zone, stream->mtime_ns());
//   int64_t time_ns = clock.Order(record);   // for each record, in input order
//
// A record without a time takes that of the record before it; one whose time is coarser than the
// record before it is moved up to that where both lie in the same unit; a time without a date or a year takes
// these from the record before, else from the file's mtime.
// Thread rules: one clock, one thread.
#ifndef GAINSAY_RECORD_CLOCK_H_
#define GAINSAY_RECORD_CLOCK_H_

#include <cstdint>
#include <optional>

#include "record/record.h"
#include "record/time.h"

namespace gainsay {

// When a record says that it was written.
struct RecordTime {
  int64_t ns = kNoTime;
  int64_t unit_ns = 1;
  bool has_date = true, has_year = true;
  // Where it stands hangs on no record before it, but for those of the same unit.
  bool IsWhole() const { return ns != kNoTime && has_date && has_year; }
};
inline RecordTime TimeOf(const Record& record) {
  return {record.time_ns, record.time_unit_ns, record.time_has_date, record.time_has_year};
}

class Clock {
 public:
  Clock(Zone zone, std::optional<int64_t> mtime_ns) : zone_(zone), mtime_ns_(mtime_ns) {}

  // The record's place in time. kNoTime before the source's first timed record: such records take
  // that one's time, which the caller has to give them once it is known.
  int64_t Order(const Record& record) { return Order(TimeOf(record)); }
  int64_t Order(const RecordTime& time);

  // The place of the last record, and a clock that goes on behind it.
  int64_t last_ns() const { return last_ns_; }
  void Resume(int64_t last_ns) { last_ns_ = last_ns; }

 private:
  int64_t WithDate(int64_t time_of_day_ns) const;
  int64_t WithYear(int64_t in_1970_ns) const;

  Zone zone_;
  std::optional<int64_t> mtime_ns_;
  int64_t last_ns_ = kNoTime;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_CLOCK_H_
