#include "report/baseline.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "record/json_tree.h"
#include "record/time.h"
#include "report/json.h"

namespace gainsay {
namespace {

absl::Status Wrong(const std::string& what) { return absl::InvalidArgumentError(what); }

bool IsMissing(const JsonTree& json) {
  return json.kind == JsonTree::Kind::kMissing || json.kind == JsonTree::Kind::kNull;
}

// The last moment of a day that is written as a date.
std::optional<int64_t> EndOfDay(const std::string& text) {
  const std::optional<ParsedTime> time = ParseTime(text + "T00:00:00Z", absl::UTCTimeZone());
  if (text.size() != 10 || !time) return std::nullopt;
  return time->ns + kDay - 1;
}

class BaselineReader {
 public:
  explicit BaselineReader(const std::string& name) : name_(name) {}

  absl::Status Read(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    while (!text.empty()) {
      ++line_;
      const size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      if (const absl::Status read = ReadLine(line); !read.ok()) {
        return Wrong(name_ + ":" + std::to_string(line_) + ": " + std::string(read.message()));
      }
    }
    return absl::OkStatus();
  }

  std::vector<KnownCause> Take() && {
    for (KnownCause& entry : of_findings_) {
      if (told_.insert(entry.id).second) entries_.push_back(std::move(entry));
    }
    return std::move(entries_);
  }

 private:
  absl::Status ReadLine(std::string_view line) {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return absl::OkStatus();
    const std::optional<JsonTree> json = ReadJsonTree(line);
    if (!json || json->kind != JsonTree::Kind::kObject) return Wrong("the line is no JSON object");
    if (json->Text("type") == "cause") return AddEntry(*json);
    if (json->Text("type") == "finding") AddCausesOf(*json);
    return absl::OkStatus();
  }

  absl::Status AddEntry(const JsonTree& json) {
    KnownCause entry = EntryOf(json, "id", "template");
    if (entry.id.empty()) return Wrong("an entry without an id");
    const JsonTree& why = json.at("why");
    if (!IsMissing(why) && why.kind != JsonTree::Kind::kString) return Wrong("why is no text");
    entry.why = why.text;
    const JsonTree& expires = json.at("expires");
    entry.expires = expires.text;
    if (!IsMissing(expires) && !(expires.kind == JsonTree::Kind::kString && expires.text.empty())) {
      entry.expires_ns = EndOfDay(expires.text);
      if (!entry.expires_ns) return Wrong("expires is no date like 2027-03-31");
    }
    const JsonTree& most = json.at("max_tasks");
    if (!IsMissing(most) && !most.count) return Wrong("max_tasks is no whole number");
    entry.max_tasks = most.count;
    told_.insert(entry.id);
    entries_.push_back(std::move(entry));
    return absl::OkStatus();
  }

  void AddCausesOf(const JsonTree& finding) {
    for (const JsonTree& error : finding.at("errors").items) {
      KnownCause entry = EntryOf(error, "cause", "message");
      if (!entry.id.empty()) of_findings_.push_back(std::move(entry));
    }
  }

  KnownCause EntryOf(const JsonTree& json, std::string_view id, std::string_view text) const {
    KnownCause entry;
    entry.id = std::string(json.Text(id));
    entry.reason = std::string(json.Text("reason"));
    entry.target = std::string(json.Text("target"));
    entry.message_template = std::string(json.Text(text));
    entry.file = name_;
    entry.line = line_;
    return entry;
  }

  const std::string& name_;
  uint64_t line_ = 0;
  std::vector<KnownCause> entries_, of_findings_;
  std::set<std::string> told_;
};

std::string EntryLine(const Cause& cause, const KnownCause* old) {
  Json json('{');
  json.Text("type", "cause").Text("id", cause.id).Text("reason", cause.reason).Text("target", cause.target);
  json.Text("template", cause.message_template);
  if (old == nullptr) return json.Text("why", "").Close();
  json.Text("why", old->why);
  if (!old->expires.empty()) json.Text("expires", old->expires);
  if (old->max_tasks) json.Number("max_tasks", *old->max_tasks);
  return json.Close();
}

}  // namespace

std::map<std::string_view, std::vector<const KnownCause*>> Baseline::ById() const {
  std::map<std::string_view, std::vector<const KnownCause*>> by_id;
  for (const KnownCause& entry : entries) by_id[entry.id].push_back(&entry);
  return by_id;
}

absl::Status ReadBaseline(const std::string& name, std::string_view text, Baseline* baseline) {
  BaselineReader reader(name);
  if (absl::Status read = reader.Read(text); !read.ok()) return read;
  for (KnownCause& entry : std::move(reader).Take()) baseline->entries.push_back(std::move(entry));
  return absl::OkStatus();
}

void WriteBaseline(const Document& document, const Baseline& old, std::ostream& out) {
  std::vector<const Cause*> causes;
  for (const Cause& cause : document.causes) causes.push_back(&cause);
  const auto key = [](const Cause* c) { return std::tie(c->reason, c->target, c->message_template, c->id); };
  std::sort(causes.begin(), causes.end(), [&](const Cause* a, const Cause* b) { return key(a) < key(b); });
  Json head('{');
  out << head.Text("type", "baseline").Text("version", document.version).Close() << '\n';
  const auto known = old.ById();
  for (const Cause* cause : causes) {
    const auto found = known.find(cause->id);
    out << EntryLine(*cause, found == known.end() ? nullptr : found->second.front()) << '\n';
  }
}

}  // namespace gainsay
