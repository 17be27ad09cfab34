#include "watch_outputs.h"

#include <ostream>

#include "report/journal.h"

namespace gainsay {
namespace {

void TellJournal(const WatchLine& line, const CauseStanding& standing, std::ostream& out) {
  if (line.kind == WatchLine::kFinding) {
    out << JournalLine(line.document.findings[0], !standing.new_cause) << '\n';
  } else if (!line.text.empty()) {
    const bool lost = line.kind == WatchLine::kGap || line.kind == WatchLine::kStateLost;
    out << JournalLine(lost ? 4 : 5, line.text) << '\n';
  }
}

}  // namespace

absl::Status WatchOutputs::Open(const std::vector<Output>& outputs) {
  for (const Output& output : outputs) {
    if (output.format == Format::kPrometheus) {
      if (output.path.empty()) return absl::InvalidArgumentError("--output prometheus: needs a path");
      metrics_file_ = output.path;
      continue;
    }
    if (output.format != Format::kText && output.format != Format::kJsonl &&
        output.format != Format::kJournal) {
      return absl::InvalidArgumentError(
          "--output: watch writes text, jsonl, journal and prometheus; `gainsay report` makes the other "
          "formats of what it wrote as jsonl");
    }
    Sink& sink = sinks_.emplace_back();
    sink.format = output.format;
    if (output.path.empty()) continue;
    sink.file = std::make_unique<std::ofstream>(output.path, std::ios::binary | std::ios::app);
    if (!*sink.file) return absl::UnavailableError(output.path + ": can't be opened");
  }
  return absl::OkStatus();
}

void WatchOutputs::Tell(const WatchLine& line, const CauseStanding& standing) {
  for (Sink& sink : sinks_) {
    if (sink.format == Format::kJsonl) {
      Stream(sink) << line.json << '\n';
    } else if (sink.format == Format::kJournal) {
      TellJournal(line, standing, Stream(sink));
    } else {
      Stream(sink) << line.text;
    }
  }
}

void WatchOutputs::Report(const Document& rest, const ReportStyle& style) {
  for (Sink& sink : sinks_) {
    if (!style.quiet || sink.format == Format::kJsonl) Write(sink.format, rest, style, Stream(sink));
  }
  Flush();
}

int WatchOutputs::Flush() {
  int failed = 0;
  for (Sink& sink : sinks_) {
    std::ostream& stream = Stream(sink);
    if (stream.flush()) continue;
    ++failed;
    stream.clear();
  }
  return failed;
}

}  // namespace gainsay
