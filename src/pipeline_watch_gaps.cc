// What is missing in the input, as it is told: who reads on knows that it may never have been there.
#include <string>
#include <utility>

#include "finding/phrase.h"
#include "pipeline_watch_state.h"
#include "report/escape.h"
#include "report/json.h"

namespace gainsay {

void WatchFold::Gap(uint32_t stream, const std::string& why, const LostInput& lost) {
  const State::Stream& from = state_->streams[stream];
  ++state_->gaps;
  state_->settler.LostFromSource(from.source, from.time.greatest_ns);
  state_->TellGap(from, why, from.time.greatest_ns, lost, "");
}

void WatchFold::State::LoseUnit(const KeptBack& kept, const Stream& stream) {
  // By the clock that events go by: what is in a message may be in another zone than the journal.
  const int64_t greatest_ns = stream.time.greatest_ns;
  const int64_t time_ns = greatest_ns == kNoTime ? kept.time_ns : greatest_ns;
  ++gaps;
  settler.LostFromUnit(kept.unit, time_ns);
  TellGap(stream, "journald kept back messages of " + kept.unit + ", which wrote too many at once", time_ns,
          {0, kept.messages}, kept.unit);
}

void WatchFold::State::TellGap(const Stream& stream, const std::string& why, int64_t time_ns,
                               const LostInput& lost, const std::string& unit) {
  Json json('{');
  json.Text("type", "gap").Text("source", stream.position.source).Number("offset", stream.position.offset);
  json.Time("time", time_ns).Text("why", why);
  std::string how_much;
  if (!unit.empty()) json.Text("unit", unit);
  if (lost.lines > 0) how_much = Counted(lost.lines, "line");
  if (lost.bytes > 0) how_much += (how_much.empty() ? "" : ", ") + Counted(lost.bytes, "byte");
  if (lost.bytes > 0) json.Number("lost_bytes", lost.bytes);
  if (lost.bytes + lost.lines > 0) json.Number("lost_lines", lost.lines);
  if (!how_much.empty()) how_much = " (" + how_much + ")";
  WatchLine line;
  line.kind = WatchLine::kGap;
  line.json = json.Close();
  line.text = "gap in " + EscapeText(stream.position.source) + ": " + EscapeText(why) + how_much + "\n\n";
  lines.push_back(std::move(line));
}

}  // namespace gainsay
