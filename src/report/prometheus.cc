// The names of the metrics are a contract with dashboards and alert rules. They follow Prometheus'
// conventions: counters end with _total, times and ages are seconds, one unit a name. Counters and verdicts
// stand there with 0 before anything happened, so that a rate sees the first time as well; only series named
// by what a log says (a target, a cause) appear when they are first seen.
#include "report/prometheus.h"

#if GAINSAY_HAS_PROMETHEUS

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>

#include "report/escape.h"
#include "report/format.h"
#include "report/prometheus_families.h"

namespace gainsay {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using Labels = std::vector<ClientMetric::Label>;

class Families {
 public:
  void Counter(const char* name, const char* help, uint64_t value) {
    Begin(name, help, MetricType::Counter);
    Count({}, value);
  }

  void Gauge(const char* name, const char* help, double value) {
    Begin(name, help, MetricType::Gauge);
    ClientMetric& metric = families_.back().metric.emplace_back();
    metric.gauge.value = value;
  }

  void Gauge(const char* name, const char* help, uint64_t value) {
    Gauge(name, help, static_cast<double>(value));
  }

  // Opens a family; Count adds to the last one that was opened.
  void Begin(const char* name, const char* help, MetricType type) {
    families_.push_back({name, help, type, {}});
  }

  void Count(Labels labels, uint64_t value) {
    ClientMetric& metric = families_.back().metric.emplace_back();
    metric.label = std::move(labels);
    if (families_.back().type == MetricType::Gauge) {
      metric.gauge.value = static_cast<double>(value);
    } else {
      metric.counter.value = static_cast<double>(value);
    }
  }

  std::vector<MetricFamily> Take() { return std::move(families_); }

 private:
  std::vector<MetricFamily> families_;
};

// A whole scrape fails by one label that is no UTF-8, or by a series that stands twice: labels are escaped,
// and those that become equal by it are added up.
void Series(const BoundedCounts& counts, const std::vector<std::string>& names, Families* families) {
  std::map<BoundedCounts::Labels, uint64_t> escaped;
  for (const auto& [labels, count] : counts.series()) {
    BoundedCounts::Labels safe;
    for (const std::string& label : labels) safe.push_back(EscapeText(label));
    escaped[std::move(safe)] += count;
  }
  for (const auto& [values, count] : escaped) {
    Labels labels;
    for (size_t i = 0; i < names.size() && i < values.size(); ++i) {
      if (!values[i].empty()) labels.push_back({names[i], values[i]});  // "" is Prometheus' "no such label"
    }
    families->Count(std::move(labels), count);
  }
}

void Read(const Figures& f, Families* families) {
  families->Counter("gainsay_lines_total", "Lines read.", f.lines);
  families->Counter("gainsay_records_total", "Log records read; lines that can't matter are not all read.",
                    f.records);
  families->Counter("gainsay_malformed_lines_total", "Lines that begin like JSON and are none.", f.malformed);
  families->Counter("gainsay_null_messages_total", "Messages that journalctl left out, for want of --all.",
                    f.null_messages);
  families->Counter("gainsay_read_bytes_total", "Bytes read, unpacked.", f.bytes);
  families->Counter("gainsay_terminal_events_total", "Records that report a final state of a task.",
                    f.terminals);
}

void Judged(const Figures& f, Families* families) {
  families->Counter("gainsay_write_errors_total", "Records that say that a write was refused or lost.",
                    f.write_errors);
  families->Begin("gainsay_write_errors_by_reason_total",
                  "Write errors by target (role and collection) and reason.", MetricType::Counter);
  Series(f.write_errors_by_reason, {"target", "reason"}, families);
  families->Counter("gainsay_unattributed_write_errors_total", "Write errors that no task can be found for.",
                    f.unattributed);
  families->Counter("gainsay_suppressed_write_errors_total", "Write errors that a rule set accepts.",
                    f.suppressed);
  families->Begin("gainsay_tasks_total", "Runs of tasks by verdict.", MetricType::Counter);
  for (size_t i = 0; i < kVerdictCount; ++i) {
    families->Count({{"verdict", std::string(VerdictName(static_cast<Verdict>(i)))}}, f.runs[i]);
  }
  families->Begin("gainsay_contradictions_total",
                  "Runs that reported success over a lost write, by the cause of the first.",
                  MetricType::Counter);
  Series(f.contradictions, {"cause"}, families);
}

double Seconds(int64_t ns) { return static_cast<double>(ns) / 1e9; }

// Since when a thing has not happened: since it last did, else since the watch began.
double Age(int64_t last_ns, int64_t started_ns, int64_t now_ns) {
  return std::max(0.0, Seconds(now_ns - (last_ns != 0 ? last_ns : started_ns)));
}

void Progress(const WatchVitals& w, int64_t now_ns, Families* families) {
  families->Gauge("gainsay_start_timestamp_seconds", "When the watch began.", Seconds(w.started_ns));
  families->Gauge("gainsay_watermark_timestamp_seconds",
                  "Event time up to which everything is judged; 0 before the first record.",
                  Seconds(w.watermark_ns));
  families->Gauge(
      "gainsay_watermark_lag_seconds",
      "Age of the watermark; without a first record, of the watch. It grows while the log is silent.",
      Age(w.watermark_ns, w.started_ns, now_ns));
  families->Gauge("gainsay_last_terminal_timestamp_seconds",
                  "When a task last reported a final state; 0 if none did.", Seconds(w.last_terminal_ns));
  families->Gauge("gainsay_last_terminal_age_seconds",
                  "Seconds since a task last reported a final state, else since the watch began.",
                  Age(w.last_terminal_ns, w.started_ns, now_ns));
  families->Gauge("gainsay_open_tasks", "Tasks without a final state.", w.open_tasks);
  families->Gauge("gainsay_stalled_tasks", "Open tasks that were silent for longer than --stalled.",
                  w.stalled_tasks);
}

void Causes(const WatchVitals& w, Families* families) {
  families->Gauge("gainsay_known_causes", "Causes that were seen before or stand in a baseline.",
                  w.known_causes);
  families->Counter("gainsay_new_causes_total", "Causes that were seen for the first time.", w.new_causes);
  families->Counter("gainsay_updates_total", "Verdicts that a later record changed.", w.updates);
}

void Waiting(const WatchVitals& w, Families* families) {
  families->Begin("gainsay_backlog_bytes", "Bytes that were read and are not judged yet, by where they wait.",
                  MetricType::Gauge);
  families->Count({{"where", "memory"}}, w.backlog_memory);
  families->Count({{"where", "spill"}}, w.backlog_spill);
  if (!w.has_state) return;
  families->Gauge("gainsay_uncheckpointed_bytes",
                  "Bytes that were judged since the last checkpoint: after a crash, they are read again.",
                  w.since_checkpoint);
  families->Gauge("gainsay_unwritten_bytes", "Bytes of findings that wait for space on the disk.",
                  w.unwritten_findings);
}

void Losses(const WatchVitals& w, Families* families) {
  families->Counter("gainsay_evicted_total", "Entries that fell out of a full table.", w.evicted);
  families->Counter("gainsay_gaps_total", "Places where the log's continuity could not be shown.", w.gaps);
  families->Counter("gainsay_spilled_bytes_total", "Bytes that went through the spill file.",
                    w.spilled_bytes);
  families->Counter("gainsay_lost_bytes_total", "Bytes that found no room, neither in memory nor on disk.",
                    w.lost_bytes);
  families->Counter("gainsay_lost_lines_total", "Lines that found no room.", w.lost_lines);
  families->Counter("gainsay_output_failures_total", "Outputs that could not be written.", w.output_failures);
}

void Checkpoints(const WatchVitals& w, int64_t now_ns, Families* families) {
  if (!w.has_state) return;
  families->Gauge("gainsay_checkpoint_timestamp_seconds",
                  "When a checkpoint was last written; 0 if none was.", Seconds(w.checkpoint_ns));
  families->Gauge("gainsay_checkpoint_age_seconds", "Seconds since then, else since the watch began.",
                  Age(w.checkpoint_ns, w.started_ns, now_ns));
  families->Counter("gainsay_checkpoint_failures_total", "Checkpoints that could not be written.",
                    w.checkpoint_failures);
}

void Deliveries(const WatchVitals& w, Families* families) {
  if (w.deliveries.empty()) return;
  families->Begin("gainsay_notifications_total",
                  "Findings for a receiver: delivered, failed (given up) or dropped (no room).",
                  MetricType::Counter);
  for (const DeliveryFigures& d : w.deliveries) {
    families->Count({{"receiver", d.receiver}, {"result", "delivered"}}, d.delivered);
    families->Count({{"receiver", d.receiver}, {"result", "failed"}}, d.failed);
    families->Count({{"receiver", d.receiver}, {"result", "dropped"}}, d.dropped);
  }
  families->Begin("gainsay_notification_retries_total", "Attempts that were repeated.", MetricType::Counter);
  for (const DeliveryFigures& d : w.deliveries) families->Count({{"receiver", d.receiver}}, d.retries);
  families->Begin("gainsay_notification_queue_length", "Findings that wait for a receiver.",
                  MetricType::Gauge);
  for (const DeliveryFigures& d : w.deliveries) families->Count({{"receiver", d.receiver}}, d.queued);
}

}  // namespace

std::vector<MetricFamily> PrometheusFamilies(const Figures& figures, int64_t now_ns) {
  Families families;
  Read(figures, &families);
  Judged(figures, &families);
  if (figures.inconclusive) {
    families.Gauge("gainsay_scan_inconclusive", "1 if the scan as a whole is inconclusive.",
                   uint64_t{*figures.inconclusive});
  }
  if (figures.watch) {
    Progress(*figures.watch, now_ns, &families);
    Causes(*figures.watch, &families);
    Waiting(*figures.watch, &families);
    Losses(*figures.watch, &families);
    Checkpoints(*figures.watch, now_ns, &families);
    Deliveries(*figures.watch, &families);
  }
  return families.Take();
}

bool HasPrometheus() { return true; }

std::string PrometheusText(const Figures& figures, int64_t now_ns) {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, PrometheusFamilies(figures, now_ns));
  return text.str();
}

void WritePrometheus(const Document& document, const ReportStyle& style, std::ostream& out) {
  static_cast<void>(style);
  out << PrometheusText(FiguresOf(document));
}

}  // namespace gainsay

#else

namespace gainsay {

bool HasPrometheus() { return false; }

std::string PrometheusText(const Figures& figures, int64_t now_ns) {
  static_cast<void>(figures);
  static_cast<void>(now_ns);
  return "";
}

}  // namespace gainsay

#endif
