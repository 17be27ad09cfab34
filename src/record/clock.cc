#include "record/clock.h"

#include <limits>

#include "absl/time/civil_time.h"

namespace gainsay {
namespace {

int64_t FromCivil(absl::CivilSecond civil, int64_t fraction_ns, const Zone& zone) {
  return absl::ToUnixSeconds(absl::FromCivil(civil, zone)) * kSecond + fraction_ns;
}

absl::CivilSecond ToCivil(int64_t ns, const Zone& zone) {
  return absl::ToCivilSecond(absl::FromUnixNanos(ns), zone);
}

int64_t FractionOf(int64_t ns) { return ((ns % kSecond) + kSecond) % kSecond; }

}  // namespace

int64_t Clock::Order(const RecordTime& time) {
  if (time.ns == kNoTime) return last_ns_;
  int64_t ns = time.ns;
  if (!time.has_date) {
    ns = WithDate(ns);
  } else if (!time.has_year) {
    ns = WithYear(ns);
  }
  const bool same_unit = last_ns_ != kNoTime && last_ns_ > ns && last_ns_ - ns < time.unit_ns;
  last_ns_ = same_unit ? last_ns_ : ns;
  return last_ns_;
}

// The day of the record before, or the next one where midnight passed; else the last day on
// which that time can have been written before the file's mtime.
int64_t Clock::WithDate(int64_t time_of_day_ns) const {
  if (last_ns_ == kNoTime && !mtime_ns_) return time_of_day_ns;
  const int64_t reference = last_ns_ != kNoTime ? last_ns_ : *mtime_ns_;
  const absl::CivilDay day(ToCivil(reference, zone_));
  const auto on = [&](absl::CivilDay d) {
    return FromCivil(absl::CivilSecond(d) + time_of_day_ns / kSecond, time_of_day_ns % kSecond, zone_);
  };
  const int64_t same_day = on(day);
  if (last_ns_ == kNoTime) return same_day > reference + kSecond ? on(day - 1) : same_day;
  if (same_day < reference - kDay / 2) return on(day + 1);
  if (same_day > reference + kDay / 2) return on(day - 1);
  return same_day;
}

// The year that brings the time nearest to the record before or, at first, to the file's mtime.
int64_t Clock::WithYear(int64_t in_1970_ns) const {
  if (last_ns_ == kNoTime && !mtime_ns_) return in_1970_ns;
  const int64_t reference = last_ns_ != kNoTime ? last_ns_ : *mtime_ns_;
  const absl::CivilSecond civil = ToCivil(in_1970_ns, zone_);
  const absl::civil_year_t year = ToCivil(reference, zone_).year();
  int64_t best = in_1970_ns;
  int64_t best_distance = std::numeric_limits<int64_t>::max();
  for (absl::civil_year_t y = year - 1; y <= year + 1; ++y) {
    const absl::CivilSecond candidate(y, civil.month(), civil.day(), civil.hour(), civil.minute(),
                                      civil.second());
    const int64_t ns = FromCivil(candidate, FractionOf(in_1970_ns), zone_);
    const int64_t distance = ns > reference ? ns - reference : reference - ns;
    if (distance < best_distance) {
      best = ns;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace gainsay
