// The idea: a mark matters to a later life only if something was told behind it and no checkpoint followed.
// So marks are written together with the next line that is told, in front of it, and forgotten at a
// checkpoint: a quiet log leaves nothing behind.
#include "pipeline_watch_keeper.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "report/json.h"

namespace gainsay {
namespace {

constexpr uint64_t kCheckpointBytes = uint64_t{64} << 20;
// A checkpoint may take one part of this many of the time.
constexpr int64_t kRestingParts = 4;

constexpr std::string_view kWatermark = R"({"type":"watermark",)";

std::string MarkAsJson(const WatchMark& mark, const std::string& source) {
  Json json('{');
  json.Text("type", "watermark").Text("source", source);
  json.Number("stream", mark.stream).Number("offset", mark.offset);
  if (mark.time_ns != kNoTime) json.Text("time_ns", std::to_string(mark.time_ns));
  if (mark.time_ns != kNoTime && mark.time_ns != INT64_MAX) json.Time("time", mark.time_ns);
  return json.Close();
}

// The number behind a key of a line that MarkAsJson wrote.
template <typename T>
std::optional<T> NumberOf(std::string_view line, std::string_view key) {
  const size_t at = line.rfind(key);
  if (at == std::string_view::npos) return std::nullopt;
  const char* begin = line.data() + at + key.size();
  T number = 0;
  const auto [end, error] = std::from_chars(begin, line.data() + line.size(), number);
  if (error != std::errc() || end == begin) return std::nullopt;
  return number;
}

std::optional<WatchMark> MarkOf(std::string_view line) {
  if (!line.starts_with(kWatermark)) return std::nullopt;
  const std::optional<uint32_t> stream = NumberOf<uint32_t>(line, R"("stream":)");
  const std::optional<uint64_t> offset = NumberOf<uint64_t>(line, R"("offset":)");
  if (!stream || !offset) return std::nullopt;
  return WatchMark{*stream, *offset, NumberOf<int64_t>(line, R"("time_ns":")").value_or(kNoTime)};
}

// What the moment brought, and not the input: it does not come again.
bool NeverAgain(std::string_view line) {
  return line.starts_with(R"({"type":"gap",)") || line.starts_with(R"({"type":"state_lost",)");
}

WatchLine StateLost() {
  WatchLine lost;
  lost.kind = WatchLine::kStateLost;
  lost.json = Json('{')
                  .Text("type", "state_lost")
                  .Text("why", "findings are there, but no state that is valid")
                  .Close();
  lost.text =
      "the state was lost: everything is read from the start, findings that were told are not told again\n\n";
  return lost;
}

}  // namespace

void WatchKeeper::Begin(WatchFold* fold) {
  if (dir_ == nullptr) return;
  for (const std::string& note : dir_->notes()) hooks_.note(note);
  if (dir_->start() == StateDir::Start::kOtherRules) {
    hooks_.note(
        "the state is of other rules or settings: everything is read from the start, findings that were told "
        "are not told again");
  }
  if (dir_->start() == StateDir::Start::kLost) Tell(StateLost());
  bool never_again = false;
  const absl::Status read =
      dir_->ForEachExpected([&](std::string_view line) { never_again = never_again || NeverAgain(line); });
  if (!read.ok()) status_ = read;
  if (never_again) KnowAll(fold);
}

bool WatchKeeper::Write(const std::string& json, bool* again) {
  if (!status_.ok()) return false;
  const absl::StatusOr<StateDir::Emitted> emitted = dir_->Emit(json);
  if (!emitted.ok()) status_ = emitted.status();
  *again = emitted.ok() && *emitted == StateDir::Emitted::kKnown;
  return emitted.ok() && !*again;
}

void WatchKeeper::Tell(const WatchLine& line) {
  if (dir_ == nullptr) return hooks_.told(line);
  bool known = false;
  for (const std::string& json : std::exchange(marks_, {})) {
    WatchLine mark;
    mark.kind = WatchLine::kWatermark;
    mark.json = json;
    if (Write(json, &known)) hooks_.told(mark);
  }
  if (Write(line.json, &known)) {
    hooks_.told(line);
  } else if (known) {
    hooks_.known(line);
  }
}

void WatchKeeper::Remember(const WatchMark& mark, const WatchFold& fold) {
  if (dir_ != nullptr) marks_.push_back(MarkAsJson(mark, fold.PositionOf(mark.stream).source));
}

void WatchKeeper::ObeyMarks(WatchFold* fold) {
  while (replaying()) {
    const std::string line(*dir_->Expected());
    const std::optional<WatchMark> mark = MarkOf(line);
    if (!mark || mark->stream >= fold->streams() || fold->LinesEnd(mark->stream) != mark->offset) return;
    for (const WatchLine& told : fold->Take()) Tell(told);
    if (!replaying() || *dir_->Expected() != line) return;
    bool known = false;
    Write(line, &known);
    fold->Mark(*mark);
    for (const WatchLine& told : fold->Take()) Tell(told);
  }
}

// What the fold does not know yet.
void WatchKeeper::Expect(WatchFold* fold) {
  if (!replaying()) return;
  const absl::Status read = dir_->ForEachExpected([fold](std::string_view line) { fold->Expect(line); });
  if (!read.ok()) status_ = read;
}

void WatchKeeper::BreakReplay(WatchFold* fold) {
  Expect(fold);
  if (dir_ == nullptr || !status_.ok()) return;
  status_ = dir_->BreakReplay();
}

void WatchKeeper::KnowAll(WatchFold* fold) {
  Expect(fold);
  if (dir_ == nullptr || !status_.ok()) return;
  status_ = dir_->KnowAll();
}

void WatchKeeper::SetRules(const std::string& rules, WatchFold* fold) {
  Expect(fold);
  if (dir_ == nullptr || !status_.ok()) return;
  status_ = dir_->SetRules(rules);
}

bool WatchKeeper::Due(uint64_t fed, absl::Time now) const {
  if (dir_ == nullptr) return false;
  const absl::Duration since = now - checkpoint_time_;
  if (since < kRestingParts * took_) return false;
  return since >= most_often_ || fed >= kCheckpointBytes;
}

absl::Status WatchKeeper::Checkpoint(WatchKept kept, const WatchFold& fold) {
  if (dir_ == nullptr || !status_.ok()) return status_;
  const absl::Time begun = absl::Now();
  kept.fold = fold.Save();
  kept.causes = hooks_.causes();
  const std::string sources = SourcesOf(kept), bytes = FoldOf(kept);
  const size_t now = std::hash<std::string>{}(absl::StrCat(sources, bytes, dir_->findings_bytes()));
  absl::Status written;
  if (now != last_ || dir_->unwritten_bytes() > 0) written = dir_->Checkpoint(sources, bytes);
  checkpoint_time_ = absl::Now();
  took_ = checkpoint_time_ - begun;
  if (written.ok()) {
    marks_.clear();
    last_ = now;
  } else if (!absl::IsResourceExhausted(written)) {
    status_ = written;
  }
  NoteSpace(written);
  hooks_.checkpoint(written);
  return written;
}

// Once, until it passes.
void WatchKeeper::NoteSpace(const absl::Status& written) {
  const bool full = absl::IsResourceExhausted(written), waiting = dir_->unwritten_bytes() > 0;
  if (full && !told_full_) {
    hooks_.note(absl::StrCat("no checkpoint can be written, the one before still stands: ",
                             std::string(written.message())));
  }
  if (waiting && !told_waiting_) {
    hooks_.note("findings.jsonl: no space; findings wait in memory, and are told elsewhere as ever");
  }
  if (!full && !waiting && (told_full_ || told_waiting_)) hooks_.note("there is space again: all is written");
  told_full_ = full;
  told_waiting_ = waiting;
}

}  // namespace gainsay
