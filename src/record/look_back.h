// The order in time behind lines that were not read. A record's place in time may depend on the records
// before it (record/clock.h): on the last one where it has no time or no date itself, on those of the same
// second where its time is in seconds. So as many of the skipped lines as matter are read, backwards, for the
// clock to be told.
//
//   LookBack look_back(plan, texts, zone);
//   look_back.Find(chunk.bytes, reader.skipped(), record, &times);
//   for (const RecordTime& time : times) clock.Order(time);
//   clock.Order(*record);
//
// Most often nothing has to be read: a record is moved only by a finer time within its own unit, and that
// none of the lines tells one is seen by their digits.
//
// Thread rules: one object, one thread.
#ifndef GAINSAY_RECORD_LOOK_BACK_H_
#define GAINSAY_RECORD_LOOK_BACK_H_

#include <string_view>
#include <vector>

#include "record/clock.h"
#include "record/fields.h"
#include "record/reader.h"
#include "record/text.h"

namespace gainsay {

class LookBack {
 public:
  // `plan` and `texts` must outlive the object.
  LookBack(const FieldPlan& plan, const TextFormats& texts, Zone zone)
      : texts_(texts),
        reader_(plan, texts, zone),
        line_reader_(plan, texts, zone, RecordReader::What::kTime) {}

  // The times of those of the `skipped` lines that the order of `next`, the record behind them, depends on,
  // in order; null: that any record's may depend on. `skipped` is a part of `chunk` (padded), whole lines;
  // those that go on with a record before them have none.
  void Find(std::string_view chunk, std::string_view skipped, const Record* next,
            std::vector<RecordTime>* times);

  // Whether the place of a record of that time is its time, told without reading what it stands behind: lines
  // that a filter passed over (record/line_filter.h), with some among them that were read and have the times
  // `read`, and before all these a record whose place is within the unit of `before`. False: it may be.
  static bool IsSettled(const RecordTime& time, const RecordTime& before, std::string_view lines,
                        const std::vector<RecordTime>& read);

 private:
  void ReadLast(std::string_view chunk, std::string_view* skipped);

  const TextFormats& texts_;
  RecordReader reader_;
  RecordReader line_reader_;      // of a line that goes on with no other
  std::vector<RecordTime> last_;  // of the line last read; several where it is a batch
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_LOOK_BACK_H_
