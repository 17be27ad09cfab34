#include "pipeline_outside.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "finding/phrase.h"
#include "pipeline_notify.h"
#include "report/escape.h"
#include "report/figures.h"
#include "report/json.h"
#include "report/prometheus.h"
#include "watch/metrics_server.h"
#include "watch/service.h"

namespace gainsay {
namespace {

constexpr absl::Duration kTick = absl::Seconds(1);
constexpr absl::Duration kFileEvery = absl::Seconds(10);
constexpr absl::Duration kCountOpenEvery = absl::Seconds(5);
constexpr absl::Duration kWarnEvery = absl::Minutes(1);
constexpr size_t kRememberedNotices = 1000;

int64_t WallNs() { return absl::GetCurrentTimeNanos(); }

// A time with which metrics can be told; a log has others.
int64_t Positive(int64_t time_ns) { return std::max<int64_t>(time_ns, 0); }

// The finding's line, and how it stands.
std::string NoticeOf(const WatchLine& line, const CauseStanding& standing) {
  Json more('{');
  more.Bool("new_cause", standing.new_cause).Number("seen_before", standing.seen_before);
  more.Number("held_back", standing.held_back).Time("first_seen", standing.first_ns);
  std::string json = line.json;
  json.back() = ',';
  return json + more.Close().substr(1);
}

std::vector<std::string> CausesOfFinding(const DocumentFinding& finding) {
  std::vector<std::string> causes;
  for (const DocumentError& error : finding.errors) causes.push_back(error.cause);
  if (causes.empty() && !finding.cause.empty()) causes.push_back(finding.cause);
  return causes;
}

}  // namespace

struct Outside::State {
  State(OutsideOptions the_options, Warn the_warn)
      : options(std::move(the_options)), warn(std::move(the_warn)), known(options.policy) {
    for (const auto& [cause, until_ns] : options.baseline) known.AddBaseline(cause, until_ns);
    figures.watch.emplace().started_ns = WallNs();
    figures.watch->has_state = options.has_state;
  }

  absl::Status OpenReceivers();
  CauseStanding See(const DocumentFinding& finding) {
    return known.See(CausesOfFinding(finding), finding.reported ? finding.reported->time_ns : kNoTime);
  }
  void Notify(const WatchLine& line, std::string json, bool new_cause);
  void ReadFold(const WatchFold& fold, absl::Time now);
  void CountOpen(const WatchFold& fold, absl::Time now);
  void Publish(absl::Time now, bool file_too);
  void WriteFile();
  void WarnOfReceivers(absl::Time now, bool at_end);
  void WarnOfNulls(absl::Time now);
  std::string Status() const;

  OutsideOptions options;
  Warn warn;
  KnownCauses known;
  Figures figures;
  std::unique_ptr<MetricsServer> server;
  std::vector<std::unique_ptr<Notifier>> notifiers;
  std::deque<std::string> notified;  // ids of findings that were given to the receivers, the last ones
  std::optional<std::chrono::milliseconds> watchdog = ServiceWatchdogInterval();
  absl::Time ticked = absl::InfinitePast(), filed = absl::InfinitePast(), warned = absl::InfinitePast();
  absl::Time counted = absl::InfinitePast(), last_lines = absl::Now();
  std::vector<DeliveryFigures> told_of;  // losses that were warned of, by receiver
  bool file_failed = false;
  uint64_t stalled_told = 0, nulls_told = 0;
  absl::Time nulls_warned = absl::InfinitePast();
};

// ---- Opening ---------------------------------------------------------------------------

absl::Status Outside::State::OpenReceivers() {
  if (!options.exec.empty()) {
    notifiers.push_back(
        std::make_unique<Notifier>(MakeExecReceiver(options.exec, options.exec_timeout), NotifierOptions()));
  }
  if (!options.webhook.url.empty()) {
    absl::StatusOr<std::unique_ptr<Receiver>> webhook = MakeWebhookReceiver(options.webhook);
    if (!webhook.ok()) return webhook.status();
    notifiers.push_back(std::make_unique<Notifier>(std::move(*webhook), NotifierOptions()));
  }
  for (const std::unique_ptr<Notifier>& notifier : notifiers) told_of.push_back(notifier->counts());
  figures.watch->deliveries = told_of;
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Outside>> Outside::Open(OutsideOptions options, Warn warn) {
  auto state = std::make_unique<State>(std::move(options), std::move(warn));
  if (!state->options.metrics_file.empty() && !HasPrometheus()) {
    return absl::UnimplementedError("-o prometheus: built without prometheus-cpp");
  }
  if (absl::Status s = state->OpenReceivers(); !s.ok()) return s;
  if (!state->options.metrics_listen.empty()) {
    auto server = MetricsServer::Listen(state->options.metrics_listen, WallNs);
    if (!server.ok()) return server.status();
    state->server = std::move(*server);
  }
  state->Publish(absl::Now(), true);
  return std::unique_ptr<Outside>(new Outside(std::move(state)));
}

// ---- What is told ----------------------------------------------------------------------

void Outside::State::Notify(const WatchLine& line, std::string json, bool new_cause) {
  for (const std::unique_ptr<Notifier>& notifier : notifiers) notifier->Send({line.id, json, new_cause});
}

CauseStanding Outside::Told(const WatchLine& line) {
  State& s = *state_;
  WatchVitals& vitals = *s.figures.watch;
  if (line.kind == WatchLine::kGap || line.kind == WatchLine::kStateLost) ++vitals.gaps;
  if (line.kind == WatchLine::kUpdate) {
    ++vitals.updates;
    const bool was_told = std::find(s.notified.begin(), s.notified.end(), line.id) != s.notified.end();
    if (was_told) s.Notify(line, line.json, false);
  }
  if (line.kind != WatchLine::kFinding || line.document.findings.empty()) return {};
  const DocumentFinding& finding = line.document.findings.front();
  ++s.figures.runs[static_cast<size_t>(Verdict::kContradiction)];
  s.figures.contradictions.Add({finding.cause});
  const CauseStanding standing = s.See(finding);
  if (standing.notify && !s.notifiers.empty()) {
    s.Notify(line, NoticeOf(line, standing), standing.new_cause);
    s.notified.push_back(line.id);
    if (s.notified.size() > kRememberedNotices) s.notified.pop_front();
  }
  return standing;
}

void Outside::Known(const WatchLine& line) {
  if (line.kind == WatchLine::kFinding && !line.document.findings.empty())
    state_->See(line.document.findings.front());
}

// ---- How things stand ------------------------------------------------------------------

void Outside::State::ReadFold(const WatchFold& fold, absl::Time now) {
  const WatchFigures read = fold.Figures();
  if (read.lines != figures.lines) last_lines = now;
  const uint64_t contradictions = figures.runs[static_cast<size_t>(Verdict::kContradiction)];
  figures.lines = read.lines;
  figures.records = read.records;
  figures.bytes = read.bytes;
  figures.malformed = read.malformed;
  figures.null_messages = read.null_messages;
  figures.terminals = read.terminals;
  figures.write_errors = read.write_errors;
  figures.write_errors_by_reason = read.write_errors_by_target;
  figures.unattributed = read.tally.unattributed;
  figures.runs = read.tally.runs;
  // Contradictions are told when they settle, and not only when their tasks are forgotten.
  figures.runs[static_cast<size_t>(Verdict::kContradiction)] = contradictions;
  WatchVitals& vitals = *figures.watch;
  vitals.watermark_ns = Positive(read.watermark_ns);
  vitals.last_terminal_ns = Positive(read.last_terminal_ns);
  vitals.evicted = read.evicted + known.evicted();
  vitals.known_causes = known.size();
  vitals.new_causes = known.new_causes();
}

// Silence is measured in event time, which goes on by the clock while nothing is read: an archive that is
// replayed has no stalled tasks, and a log that has stopped has.
void Outside::State::CountOpen(const WatchFold& fold, absl::Time now) {
  if (now - counted < kCountOpenEvery) return;
  counted = now;
  const int64_t greatest_ns = fold.greatest_time_ns(), idle_ns = absl::ToInt64Nanoseconds(now - last_lines);
  int64_t since_ns = kNoTime;
  if (options.stalled_ns > 0 && greatest_ns != kNoTime) {
    if (__builtin_add_overflow(greatest_ns, idle_ns, &since_ns) ||
        __builtin_sub_overflow(since_ns, options.stalled_ns, &since_ns)) {
      since_ns = kNoTime;
    }
  }
  const OpenTasks tasks = fold.Open(since_ns);
  figures.watch->open_tasks = tasks.open;
  figures.watch->stalled_tasks = tasks.stalled;
  if (tasks.stalled > stalled_told) {
    std::string text = Counted(tasks.stalled, "task") + " started and silent for longer than --stalled:";
    for (const std::string& id : tasks.longest) text += " " + Shorten(EscapeText(id), 100);
    warn(text + (tasks.stalled > tasks.longest.size() ? " …" : ""));
  }
  stalled_told = tasks.stalled;
}

void Outside::State::Publish(absl::Time now, bool file_too) {
  for (size_t i = 0; i < notifiers.size(); ++i) figures.watch->deliveries[i] = notifiers[i]->counts();
  if (server != nullptr) server->Publish(figures);
  if (options.metrics_file.empty() || (!file_too && now - filed < kFileEvery)) return;
  filed = now;
  WriteFile();
}

// Renamed into its place, so that nobody reads half of it. Its other name has no ending that the collector
// reads.
void Outside::State::WriteFile() {
  const std::string place = options.metrics_file + ".tmp" + std::to_string(getpid());
  std::ofstream file(place, std::ios::binary | std::ios::trunc);
  file << PrometheusText(figures, WallNs());
  file.close();
  const bool failed = !file || std::rename(place.c_str(), options.metrics_file.c_str()) != 0;
  if (failed) {
    std::remove(place.c_str());
    ++figures.watch->output_failures;
    if (!file_failed) warn("-o prometheus: " + EscapeText(options.metrics_file) + " can't be written");
  }
  file_failed = failed;
}

void Outside::State::WarnOfReceivers(absl::Time now, bool at_end) {
  if (!at_end && now - warned < kWarnEvery) return;
  for (size_t i = 0; i < notifiers.size(); ++i) {
    const DeliveryFigures counts = notifiers[i]->counts();
    const uint64_t failed = counts.failed - told_of[i].failed, dropped = counts.dropped - told_of[i].dropped;
    const std::string problem = notifiers[i]->TakeProblem();
    if (failed + dropped == 0 && problem.empty()) continue;
    std::string text = "--" + counts.receiver + ": ";
    if (failed + dropped > 0) text += Counted(failed + dropped, "notice") + " lost, ";
    text += Counted(counts.queued, "notice") + " waiting";
    if (!problem.empty()) text += "; last problem: " + Shorten(EscapeText(problem), 200);
    warn(text);
    told_of[i] = counts;
    warned = now;
  }
}

std::string Outside::State::Status() const {
  const WatchVitals& vitals = *figures.watch;
  std::string text = Counted(figures.lines, "line") + " read, " + Counted(vitals.open_tasks, "open task") +
                     ", " +
                     Counted(figures.runs[static_cast<size_t>(Verdict::kContradiction)], "contradiction");
  if (vitals.stalled_tasks > 0) text += ", " + Counted(vitals.stalled_tasks, "stalled task");
  if (vitals.last_terminal_ns > 0) text += "; last final state " + FormatTime(vitals.last_terminal_ns);
  return text;
}

// journalctl leaves out what is long, unless it is told not to.
void Outside::State::WarnOfNulls(absl::Time now) {
  if (figures.null_messages <= nulls_told || (nulls_told > 0 && now - nulls_warned < kWarnEvery)) return;
  warn(Counted(figures.null_messages, "message") +
       " came as null: journalctl leaves out those of 4 KiB and more; run it with --all (-a)");
  nulls_told = figures.null_messages;
  nulls_warned = now;
}

void Outside::Tick(const WatchFold& fold) {
  State& s = *state_;
  const absl::Time now = absl::Now();
  if (now - s.ticked < kTick && now >= s.ticked) return;
  s.ticked = now;
  s.ReadFold(fold, now);
  s.CountOpen(fold, now);
  s.Publish(now, false);
  s.WarnOfReceivers(now, false);
  s.WarnOfNulls(now);
  TellServiceStatus(s.Status());
  if (s.watchdog) TellServiceAlive();
}

void Outside::Pressure(const WatchPressure& pressure) {
  WatchVitals& vitals = *state_->figures.watch;
  vitals.backlog_memory = pressure.backlog.memory_bytes;
  vitals.backlog_spill = pressure.backlog.spill_bytes;
  vitals.spilled_bytes = pressure.backlog.spilled_bytes;
  vitals.lost_bytes = pressure.backlog.lost.bytes;
  vitals.lost_lines = pressure.backlog.lost.lines;
  vitals.since_checkpoint = pressure.since_checkpoint;
  vitals.unwritten_findings = pressure.unwritten_findings;
}

void Outside::CheckpointWritten() { state_->figures.watch->checkpoint_ns = WallNs(); }
void Outside::CheckpointFailed() { ++state_->figures.watch->checkpoint_failures; }
void Outside::OutputFailed() { ++state_->figures.watch->output_failures; }

void Outside::Ready() { TellServiceReady(); }
void Outside::Reloading() { TellServiceReloading(); }

void Outside::End(const Document& rest) {
  State& s = *state_;
  TellServiceStopping();
  const Figures whole = FiguresOf(rest);
  const uint64_t contradictions = s.figures.runs[static_cast<size_t>(Verdict::kContradiction)];
  s.figures.lines = whole.lines;
  s.figures.records = whole.records;
  s.figures.malformed = whole.malformed;
  s.figures.null_messages = whole.null_messages;
  s.figures.bytes = whole.bytes;
  s.figures.unattributed = whole.unattributed;
  s.figures.suppressed = whole.suppressed;
  s.figures.runs = whole.runs;
  s.figures.runs[static_cast<size_t>(Verdict::kContradiction)] = contradictions;
  s.figures.watch->known_causes = s.known.size();
  s.figures.watch->new_causes = s.known.new_causes();
  const auto deadline = std::chrono::steady_clock::now() + s.options.drain;
  for (const std::unique_ptr<Notifier>& notifier : s.notifiers) {
    const auto left = deadline - std::chrono::steady_clock::now();
    notifier->Drain(
        std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left), std::chrono::milliseconds(0)));
  }
  s.WarnOfReceivers(absl::Now(), true);
  s.WarnOfNulls(absl::InfiniteFuture());
  s.Publish(absl::Now(), true);
}

KnownCauses* Outside::known_causes() { return &state_->known; }

int Outside::metrics_port() const { return state_->server == nullptr ? 0 : state_->server->port(); }

Outside::Outside(std::unique_ptr<State> state) : state_(std::move(state)) {}
Outside::~Outside() = default;

}  // namespace gainsay
