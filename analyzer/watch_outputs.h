// Where a watch's lines go to.
#ifndef GAINSAY_ANALYZER_WATCH_OUTPUTS_H_
#define GAINSAY_ANALYZER_WATCH_OUTPUTS_H_

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "command.h"
#include "output.h"
#include "pipeline_watch.h"
#include "watch/known_causes.h"

namespace gainsay {

// Standard output, and files that are appended to.
class WatchOutputs {
 public:
  explicit WatchOutputs(const Streams& streams) : streams_(streams) {}

  // Errors: a format that is none of a watch, a file that can't be opened.
  absl::Status Open(const std::vector<Output>& outputs);

  // As prometheus; "" if nobody asked for it.
  const std::string& metrics_file() const { return metrics_file_; }

  void Tell(const WatchLine& line, const CauseStanding& standing);
  void Report(const Document& rest, const ReportStyle& style);
  // How many of them could not be written just now.
  int Flush();

 private:
  struct Sink {
    Format format = Format::kText;
    std::unique_ptr<std::ofstream> file;  // null: standard output
  };

  std::ostream& Stream(Sink& sink) { return sink.file ? *sink.file : streams_.out; }

  const Streams& streams_;
  std::vector<Sink> sinks_;
  std::string metrics_file_;
};

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_WATCH_OUTPUTS_H_
