// Line by line into one document; what the lines leave open is settled at the end. A report of one scan comes
// back as it was written. Where several were read, or the summary is missing, what can be worked out from
// the findings is: which causes there are, how many runs each has, the verdict of the whole.
#include "report/read_document.h"

#include <algorithm>
#include <utility>

#include "finding/build.h"
#include "finding/id.h"
#include "report/document_json.h"

namespace gainsay {
namespace {

// How each line of ours begins: one that is broken is told from what others wrote.
constexpr std::string_view kOurs[] = {R"({"type":"finding")", R"({"type":"task")",    R"({"type":"cause")",
                                      R"({"type":"update")",  R"({"type":"summary")", R"({"type":"gate")"};

bool LooksLikeOurs(std::string_view line) {
  return std::any_of(std::begin(kOurs), std::end(kOurs),
                     [line](std::string_view begin) { return line.starts_with(begin); });
}

absl::Status Wrong(const std::string& what) { return absl::InvalidArgumentError(what); }

const std::string kContradiction(VerdictName(Verdict::kContradiction));

void Widen(int64_t time_ns, Cause* cause) {
  if (time_ns == kNoTime) return;
  if (cause->first_ns == kNoTime || time_ns < cause->first_ns) cause->first_ns = time_ns;
  cause->last_ns = std::max(cause->last_ns, time_ns);
}

Cause MakeCause(const DocumentError& error) {
  Cause cause;
  cause.id = error.cause;
  cause.reason = error.reason;
  cause.target = error.target;
  cause.message_template = MaskMessage(error.message);
  return cause;
}

}  // namespace

absl::Status DocumentReader::Read(const std::string& name, std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const size_t before = known_lines_;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const absl::Status read = ReadLine(line);
    if (read.ok()) continue;
    if (end == std::string_view::npos) {
      cut_.push_back(name + ":" + std::to_string(number));
      break;
    }
    return Wrong(name + ":" + std::to_string(number) + ": " + std::string(read.message()));
  }
  if (known_lines_ == before && (cut_.empty() || !cut_.back().starts_with(name + ":"))) {
    return Wrong(name + ":1: holds no line of a report; write one with gainsay scan -o jsonl=FILE");
  }
  return absl::OkStatus();
}

absl::Status DocumentReader::ReadLine(std::string_view line) {
  if (line.find_first_not_of(" \t") == std::string_view::npos) return absl::OkStatus();
  const std::optional<JsonTree> json = line.starts_with('{') ? ReadJsonTree(line) : std::nullopt;
  if (!json && LooksLikeOurs(line)) return Wrong("the line is no whole JSON object");
  const std::string_view type = json ? json->Text("type") : "";
  if (type.empty()) {
    ++foreign_;
    return absl::OkStatus();
  }
  ++known_lines_;
  if (type == "finding") return AddFinding(*json);
  if (type == "update") return Update(*json);
  if (type == "task") {
    document_.tasks.push_back(TaskOf(*json));
  } else if (type == "cause") {
    AddCause(*json);
  } else if (type == "gate") {
    AddGate(*json);
  } else if (type == "summary") {
    AddSummary(*json);
  } else {
    --known_lines_;
    ++unknown_;
  }
  return absl::OkStatus();
}

absl::Status DocumentReader::AddFinding(const JsonTree& json) {
  DocumentFinding finding = FindingOf(json);
  if (finding.id.empty()) return Wrong("a finding without an id");
  if (finding.verdict.empty()) finding.verdict = kContradiction;
  const auto [at, added] = finding_.try_emplace(finding.id, document_.findings.size());
  if (added) {
    document_.findings.push_back(std::move(finding));
  } else {
    document_.findings[at->second] = std::move(finding);
  }
  return absl::OkStatus();
}

// A watch's change of mind: a verdict alone, or the whole finding again.
absl::Status DocumentReader::Update(const JsonTree& json) {
  if (json.Text("id").empty()) return Wrong("an update without an id");
  if (json.at("errors").kind == JsonTree::Kind::kArray) return AddFinding(json);
  const auto found = finding_.find(std::string(json.Text("id")));
  if (found != finding_.end()) document_.findings[found->second].verdict = std::string(json.Text("verdict"));
  return absl::OkStatus();
}

void DocumentReader::AddCause(const JsonTree& json) {
  Cause cause = CauseOf(json);
  const auto [at, added] = cause_.try_emplace(cause.id, document_.causes.size());
  if (added) {
    document_.causes.push_back(std::move(cause));
    return;
  }
  cause_incomplete_ = true;
  Cause& known = document_.causes[at->second];
  known.tasks += cause.tasks;
  Widen(cause.first_ns, &known);
  Widen(cause.last_ns, &known);
}

void DocumentReader::AddSummary(const JsonTree& json) {
  ++summaries_;
  AddTo(json, &document_.summary);
  inputs_ += json.Count("sources");
  for (const JsonTree& run : json.at("inconclusive_runs").items) {
    if (document_.inconclusive.size() < kInconclusiveKept) document_.inconclusive.push_back(TaskOf(run));
  }
  document_.version = std::string(json.Text("version"));
  exit_code_ = static_cast<int>(json.Count("exit"));
  all_unreadable_ = all_unreadable_ && exit_code_ == 2;
  any_inconclusive_ = any_inconclusive_ || exit_code_ == 2 || exit_code_ == 3;
}

// What a gate said holds for the report that it stands in, and for no other.
void DocumentReader::AddGate(const JsonTree& json) {
  ++gates_;
  document_.gate = GateOf(json);
}

void DocumentReader::DropOverturned() {
  std::erase_if(document_.findings, [](const DocumentFinding& f) { return f.verdict != kContradiction; });
}

// Which findings have each cause, which the lines say only the other way round.
void DocumentReader::LinkCauses() {
  std::vector<Cause>& causes = document_.causes;
  for (size_t i = 0; i < document_.findings.size(); ++i) {
    for (const DocumentError& error : document_.findings[i].errors) {
      const auto [at, added] = cause_.try_emplace(error.cause, causes.size());
      if (added) causes.push_back(MakeCause(error));
      cause_incomplete_ = cause_incomplete_ || added;
      Cause& cause = causes[at->second];
      if (cause.findings.empty() || cause.findings.back() != i) cause.findings.push_back(i);
    }
  }
}

// Counts and times of causes, out of the findings.
void DocumentReader::RecountCauses() {
  for (Cause& cause : document_.causes) {
    if (!cause.findings.empty()) cause.tasks = cause.findings.size();
    for (const size_t index : cause.findings) {
      for (const DocumentError& error : document_.findings[index].errors) {
        if (error.cause == cause.id) Widen(error.time_ns, &cause);
      }
    }
  }
  SortCauses(&document_.causes);
}

void DocumentReader::CompleteSummary() {
  Summary& summary = document_.summary;
  summary.sources.resize(std::max(inputs_, summary.sources.size()));
  const uint64_t findings = document_.findings.size();
  if (summaries_ != 1) summary.runs[static_cast<size_t>(Verdict::kContradiction)] = findings;
  if (summaries_ == 0) {
    for (const DocumentFinding& finding : document_.findings)
      summary.total.write_errors += finding.errors.size();
    summary.inconclusive.push_back(
        "the report holds no summary: gainsay can't tell what was read; let the run that writes it end");
  }
  for (const std::string& place : cut_) {
    summary.inconclusive.push_back(place + ": the report is cut here: what came behind is unknown");
  }
  const bool inconclusive = any_inconclusive_ || !summary.inconclusive.empty();
  summary.exit_code = findings > 0 ? 1 : summaries_ > 0 && all_unreadable_ ? 2 : inconclusive ? 3 : 0;
  if (gates_ == 1 && summaries_ == 1 && cut_.empty()) {
    summary.exit_code = exit_code_;
  } else {
    document_.gate.reset();
  }
  summary.verdict = findings > 0   ? Outcome::kContradiction
                    : inconclusive ? Outcome::kInconclusive
                                   : Outcome::kClean;
}

Document DocumentReader::Finish() {
  DropOverturned();
  LinkCauses();
  if (cause_incomplete_) RecountCauses();
  CompleteSummary();
  return std::move(document_);
}

}  // namespace gainsay
