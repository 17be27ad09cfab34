#include "record/look_back.h"

#include <algorithm>
#include <cstdint>

#include "record/strand.h"

namespace gainsay {
namespace {

bool IsWhole(const RecordTime& time) { return time.ns != kNoTime && time.has_date && time.has_year; }

// Whether the order of `later` is the same whatever stands before `earlier`, the record before it: their
// units don't meet, and neither leaves its own.
bool IsIndependent(const RecordTime& later, const RecordTime& earlier) {
  if (!IsWhole(later) || !IsWhole(earlier)) return false;
  constexpr int64_t kFar = INT64_MAX / 2;  // no sum below overflows
  if (earlier.ns > kFar || later.ns > kFar) return false;
  return earlier.ns + earlier.unit_ns <= later.ns || later.ns + later.unit_ns <= earlier.ns;
}

}  // namespace

// Takes the last line; false if it was no record.
bool LookBack::ReadLast(std::string_view* skipped, RecordTime* time) {
  size_t end = skipped->size();
  if (end > 0 && skipped->back() == '\n') --end;
  const size_t newline = end == 0 ? std::string_view::npos : skipped->rfind('\n', end - 1);
  const size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::string_view line = skipped->substr(begin, end - begin);
  skipped->remove_suffix(skipped->size() - begin);
  if (StrandOf(line).kind != StrandKind::kNone) return false;  // never skipped: a record before has it
  reader_.Open({line, 1, 0, 0}, 0);
  const Record* record = reader_.Next();
  if (record != nullptr) *time = TimeOf(*record);
  return record != nullptr;
}

void LookBack::Find(std::string_view skipped, const Record* next, std::vector<RecordTime>* times) {
  times->clear();
  RecordTime later = next == nullptr ? RecordTime{} : TimeOf(*next);
  if (IsWhole(later) && later.unit_ns == 1) return;
  while (!skipped.empty()) {
    RecordTime earlier;
    if (!ReadLast(&skipped, &earlier)) continue;
    times->push_back(earlier);
    if (IsIndependent(later, earlier)) break;
    later = earlier;
  }
  std::reverse(times->begin(), times->end());
}

}  // namespace gainsay
