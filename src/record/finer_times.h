// Whether lines may tell a time that lies within the unit of a coarser one, told without reading them: such a
// time is written with the coarser one's digits, and with further ones behind them.
//
// Thread rules: a free function without state.
#ifndef GAINSAY_RECORD_FINER_TIMES_H_
#define GAINSAY_RECORD_FINER_TIMES_H_

#include <string_view>

#include "record/clock.h"

namespace gainsay {

// Whether a record of these lines may have a time, or a time of day, whose fraction of a second is one of
// `time`'s unit, but not its first nanosecond. The lines are spelled out: what their values say stands in
// them as it is (record/line_filter.h), and behind them are kChunkPadding readable bytes. Always true where
// the unit is none of milli- or microseconds.
bool MayTellFiner(std::string_view lines, const RecordTime& time);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_FINER_TIMES_H_
