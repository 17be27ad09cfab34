#include "record/look_back.h"

#include <algorithm>
#include <cstdint>

#include "record/finer_times.h"
#include "record/lines.h"
#include "record/weave.h"

namespace gainsay {
namespace {

// Whether the order of `later` is the same whatever stands before `earlier`, the record before it: their
// units don't meet, and neither leaves its own.
bool IsIndependent(const RecordTime& later, const RecordTime& earlier) {
  if (!later.IsWhole() || !earlier.IsWhole()) return false;
  constexpr int64_t kFar = INT64_MAX / 2;  // no sum below overflows
  if (earlier.ns > kFar || later.ns > kFar) return false;
  return earlier.ns + earlier.unit_ns <= later.ns || later.ns + later.unit_ns <= earlier.ns;
}

constexpr size_t kMostToLookAt = size_t{16} << 10;  // bytes; of more the last lines are read sooner

// Whether a record of that time may be moved by a place of the unit that begins at `begin_ns`: a later one,
// within the record's own unit.
bool MayMove(const RecordTime& time, int64_t begin_ns, int64_t unit_ns) {
  return begin_ns < time.ns + time.unit_ns && begin_ns + unit_ns > time.ns + 1;
}

}  // namespace

// The place of each line's record is its time, or else that of the one before it. So if it is in the unit's
// inside, one of the lines tells such a time, or the record before them all has such a place. A date that is
// taken from the record before, a year and a zone don't change a fraction of a second.
bool LookBack::IsSettled(const RecordTime& time, const RecordTime& before, std::string_view lines,
                         const std::vector<RecordTime>& read) {
  constexpr int64_t kFar = INT64_MAX / 2;  // no sum overflows
  if (!time.IsWhole() || !before.IsWhole() || time.ns > kFar || before.ns > kFar) return false;
  if (time.unit_ns == 1) return true;
  if (lines.size() > kMostToLookAt || MayMove(time, before.ns, before.unit_ns)) return false;
  for (const RecordTime& one : read) {
    if (one.ns != kNoTime && (!one.IsWhole() || MayMove(time, one.ns, 1))) return false;
  }
  return !MayTellFiner(lines, time);
}

// Takes the last line: the times of its records, none if it is none. Whether it is one, is seen when it is
// read with what it may go on with.
void LookBack::ReadLast(std::string_view chunk, std::string_view* skipped) {
  last_.clear();
  size_t end = skipped->size();
  if (end > 0 && skipped->back() == '\n') --end;
  const size_t newline = LastNewline(skipped->substr(0, end));
  const size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const auto line = static_cast<size_t>(skipped->data() + begin - chunk.data());
  skipped->remove_suffix(skipped->size() - begin);
  size_t head = line;
  for (size_t before = BeforeInRecord(chunk, head, texts_); before != std::string_view::npos;
       before = BeforeInRecord(chunk, head, texts_)) {
    head = before;
  }
  RecordReader& reader = head == line ? line_reader_ : reader_;
  reader.Open({chunk.substr(head, line + end - begin - head), 1, 0, 0}, 0);
  while (const Record* record = reader.Next()) {
    if (record->position.offset == line - head) last_.push_back(TimeOf(*record));
  }
}

void LookBack::Find(std::string_view chunk, std::string_view skipped, const Record* next,
                    std::vector<RecordTime>* times) {
  times->clear();
  RecordTime later = next == nullptr ? RecordTime{} : TimeOf(*next);
  if (later.IsWhole() && later.unit_ns == 1) return;
  for (bool enough = false; !enough && !skipped.empty();) {
    ReadLast(chunk, &skipped);
    for (; !enough && !last_.empty(); last_.pop_back()) {
      times->push_back(last_.back());
      enough = IsIndependent(later, last_.back());
      later = last_.back();
    }
  }
  std::reverse(times->begin(), times->end());
}

}  // namespace gainsay
