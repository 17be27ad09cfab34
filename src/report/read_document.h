// Reports read back: JSON lines that some gainsay wrote, today's or another version's, become a Document.
//
//   DocumentReader reader;
//   for (…) if (absl::Status s = reader.Read(name, text); !s.ok()) …
//   Document document = reader.Finish();
//
// Several files, or several reports in one file, become one: counts add up, a finding that is told again
// (same id) replaces the one before, and a watch's `update` lines are applied. What others wrote between the
// lines is passed over and counted; so are types and keys that this gainsay does not know. Thread rules: one
// reader, one thread.
#ifndef GAINSAY_REPORT_READ_DOCUMENT_H_
#define GAINSAY_REPORT_READ_DOCUMENT_H_

#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/status.h"
#include "record/json_tree.h"
#include "report/document.h"

namespace gainsay {

class DocumentReader {
 public:
  // Takes a whole file in. An error says "NAME:LINE: what is wrong": a line of ours that is broken, or a file
  // without any. A last line that was cut is no error: the report is inconclusive then.
  absl::Status Read(const std::string& name, std::string_view text);

  uint64_t foreign() const { return foreign_; }  // lines that are none of a report
  uint64_t unknown() const { return unknown_; }  // lines of a type that is not known here

  // Without a summary line, the summary is what the findings say, and inconclusive. Call once.
  Document Finish();

 private:
  absl::Status ReadLine(std::string_view line);
  absl::Status AddFinding(const JsonTree& json);
  absl::Status Update(const JsonTree& json);
  void AddCause(const JsonTree& json);
  void AddGate(const JsonTree& json);
  void AddSummary(const JsonTree& json);
  void DropOverturned();
  void LinkCauses();
  void RecountCauses();
  void CompleteSummary();

  Document document_;
  std::unordered_map<std::string, size_t> finding_, cause_;  // by id: index
  size_t inputs_ = 0, summaries_ = 0, gates_ = 0, known_lines_ = 0;
  uint64_t foreign_ = 0, unknown_ = 0;
  int exit_code_ = 0;                                      // of the last summary
  bool all_unreadable_ = true, any_inconclusive_ = false;  // of the summaries
  bool cause_incomplete_ = false;                          // one was told twice, or not at all
  std::vector<std::string> cut_;                           // files whose last line is cut
};

}  // namespace gainsay

#endif  // GAINSAY_REPORT_READ_DOCUMENT_H_
