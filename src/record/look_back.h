// The order in time behind lines that were not read. A record's place in time may depend on the records
// before it (record/clock.h): on the last one where it has no time or no date itself, on those of the same
// second where its time is in seconds. So the clock is told of as many of the skipped lines as matter, found
// backwards.
//
//   LookBack look_back(plan, texts, zone);
//   look_back.CatchUp(reader.skipped(), record, &clock);
//   clock.Order(*record);
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
  LookBack(const FieldPlan& plan, const TextFormats& texts, Zone zone) : reader_(plan, texts, zone) {}

  // Brings the clock from before the `skipped` lines to behind them, as far as the order of `next` depends on
  // them; null: as far as any record's does. `skipped` is a part of a chunk (padded), whole lines.
  void CatchUp(std::string_view skipped, const Record* next, Clock* clock);

 private:
  bool ReadLast(std::string_view* skipped, RecordTime* time);

  RecordReader reader_;
  std::vector<RecordTime> times_;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_LOOK_BACK_H_
