// What stores, clients and task systems print, tests/data: each message is put into a small log of a task,
// and the verdict must be what the message says.
//
// messages.jsonl.gz are facts from the systems' own sources, more_messages.jsonl further messages looked up
// later to see how the rules generalise. Rows that are judged otherwise than their file says are in
// facts_disagreements.jsonl, each with the reason why; they are left out of the figures.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "builtin_engine.h"
#include "pipeline.h"
#include "real_logs.h"
#include "record_reading.h"

namespace gainsay {
namespace {

struct Row {
  std::string system, kind, reason, example, why;
};

std::vector<Row> ReadRows(const std::string& name) {
  Reading reading({"system", "kind", "reason", "example", "why"});
  std::vector<Row> rows;
  for (const Owned& line : reading.Read(Unpacked(GAINSAY_SOURCE_DIR "/tests/data/" + name))) {
    const auto get = [&](const char* key) {
      const std::string value = reading.Attribute(line, key);
      return value == "(none)" ? std::string() : value;
    };
    rows.push_back({get("system"), get("kind"), get("reason"), get("example"), get("why")});
  }
  EXPECT_EQ(reading.counters.malformed, 0u);
  return rows;
}

// The rows we judge otherwise: what is right instead, by example.
const std::map<std::string, Row>& Disagreements() {
  static const auto* const rows = [] {
    auto* by_example = new std::map<std::string, Row>;
    for (Row& row : ReadRows("facts_disagreements.jsonl")) {
      const std::string example = row.example;
      by_example->emplace(example, std::move(row));
    }
    return by_example;
  }();
  return *rows;
}

std::string Quoted(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    if (c == '\n') {
      json += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      json += escape;
    } else {
      json += c;
    }
  }
  return json + "\"";
}

// ---- logs that carry a message ----------------------------------------------------------------

constexpr char kTask[] = "7c3d2f8e-1b2a-4c5d-9e8f-001122334455";
const std::string kId = std::string(R"("task_id":")") + kTask + R"(",)";

std::string JsonTask(const std::string& line) {
  return R"({"time":"2026-08-01T09:59:00Z","level":"info",)" + kId + R"("pid":77,"msg":"task started"})" +
         "\n" + line + "\n" + R"({"time":"2026-08-01T10:01:00Z","level":"info",)" + kId +
         R"("pid":77,"msg":"task succeeded"})" + "\n";
}

std::string JsonHead(const std::string& level, const std::string& id) {
  return R"({"time":"2026-08-01T10:00:00.5Z","level":")" + level + R"(",)" + id + R"("pid":77,)";
}

// As the message of a logger that names the task.
std::string ByField(const std::string& level, const std::string& example) {
  return JsonTask(JsonHead(level, kId) + R"("msg":)" + Quoted(example) + "}");
}

// As the message of a logger that does not: the lane tells.
std::string ByLane(const std::string& level, const std::string& example) {
  return JsonTask(JsonHead(level, "") + R"("msg":)" + Quoted(example) + "}");
}

// As the error of a write that failed.
std::string ByErrorText(const std::string& level, const std::string& example) {
  return JsonTask(JsonHead(level, kId) + R"("msg":"failed to save document 7","error":)" + Quoted(example) +
                  "}");
}

// As the error that a read ran into.
std::string ByReadText(const std::string& level, const std::string& example) {
  return JsonTask(JsonHead(level, kId) + R"("msg":"failed to load document 7","error":)" + Quoted(example) +
                  "}");
}

// A JSON line as it is, with the fields that it lacks; other text as message.
std::string ByOwnLine(const std::string& level, const std::string& example) {
  if (!example.starts_with("{\"") || !example.ends_with('}')) return ByField(level, example);
  std::string head = "{" + kId + R"("pid":77,)";
  if (example.find("\"level\":") == std::string::npos) head += R"("level":")" + level + R"(",)";
  if (example.find("\"time\":") == std::string::npos) head += R"("time":"2026-08-01T10:00:00.5Z",)";
  return JsonTask(head + example.substr(1));
}

// A Celery worker's text log; the child process is the lane.
std::string ByWorkerLine(const std::string& level, const std::string& example) {
  const std::string task = std::string("Task load.rows[") + kTask + "] ";
  const std::string name = level == "error" ? "ERROR" : "INFO";
  return "[2026-08-01 09:59:00,000: INFO/MainProcess] " + task +
         "received\n[2026-08-01 10:00:00,500: " + name + "/ForkPoolWorker-1] " + example +
         "\n[2026-08-01 10:01:00,000: INFO/ForkPoolWorker-1] " + task + "succeeded in 60.0s: None\n";
}

struct Carrier {
  const char* name;
  std::string (*log)(const std::string& level, const std::string& example);
};

constexpr Carrier kErrorCarriers[] = {{"field", ByField},
                                      {"lane", ByLane},
                                      {"own line", ByOwnLine},
                                      {"worker line", ByWorkerLine},
                                      {"error text", ByErrorText}};
constexpr Carrier kQuietCarriers[] = {
    {"field", ByField}, {"lane", ByLane}, {"own line", ByOwnLine}, {"worker line", ByWorkerLine}};

// A message may name its own task or lane, or say that it is about what runs behind every task's back: then
// it is no word against the task around it, but a write error all the same.
bool IsOwnMaster(const Event& error) {
  return !error.lane_allowed || (!error.task.empty() && error.task != kTask) ||
         (!error.pid.empty() && error.pid != "77");
}

// "" if nothing is said, else the reasons of what contradicts a run, in order, by comma.
std::string ReasonsOf(const std::string& log) {
  ScanInput input;
  input.sources = {{"row.log", "row.log"}};
  input.open = [&](const Source& source, const PathFilter&) {
    return OnlyMember(source.name, MemoryStream(log));
  };
  const absl::StatusOr<ScanResult> result = Scan(BuiltinEngine(), input);
  EXPECT_TRUE(result.ok()) << log;
  std::string reasons;
  for (const Event* error : result->correlation.errors) {
    if (IsOwnMaster(*error)) return BuiltinEngine().matcher().reason_name(error->reason);
  }
  for (const Run& run : result->correlation.runs) {
    if (run.verdict != Verdict::kContradiction) continue;
    for (const Unresolved& error : run.unresolved) {
      reasons += (reasons.empty() ? "" : ",") + BuiltinEngine().matcher().reason_name(error.event->reason);
    }
  }
  return reasons;
}

// ---- figures -----------------------------------------------------------------------------------

struct Figure {
  int rows = 0, right = 0;
};

class Figures {
 public:
  void Count(const std::string& what, const Row& row, bool right, const std::string& got) {
    for (Figure* figure : {&by_what_[what], &by_system_[row.system]}) {
      ++figure->rows;
      figure->right += right ? 1 : 0;
    }
    if (right) return;
    std::string example = row.example.substr(0, 230);
    std::replace(example.begin(), example.end(), '\n', ' ');
    std::printf("  MISS %-22s %s: wants %s, got '%s': %s\n", what.c_str(), row.system.c_str(),
                row.reason.empty() ? row.kind.c_str() : row.reason.c_str(), got.c_str(), example.c_str());
  }
  Figure Of(const std::string& what) const {
    const auto found = by_what_.find(what);
    return found == by_what_.end() ? Figure{} : found->second;
  }
  void Print() const {
    for (const auto& [what, figure] : by_what_) {
      std::printf("%-26s %4d of %4d\n", what.c_str(), figure.right, figure.rows);
    }
    std::string systems;
    for (const auto& [system, figure] : by_system_) {
      systems += "  " + system + " " + std::to_string(figure.right) + "/" + std::to_string(figure.rows);
    }
    std::printf("by system, all carriers:%s\n", systems.c_str());
  }

 private:
  std::map<std::string, Figure> by_what_, by_system_;
};

void CountErrors(const Row& row, Figures* figures) {
  // Behind a worker's prefix this is a malformed JSON line, and said to be one.
  const bool malformed = row.example.starts_with("{'");
  for (const Carrier& carrier : kErrorCarriers) {
    if (malformed && carrier.log == ByWorkerLine) continue;
    const std::string got = ReasonsOf(carrier.log("error", row.example));
    figures->Count(std::string("write_error, ") + carrier.name, row, got == row.reason, got);
  }
  const std::string got = ReasonsOf(ByReadText("error", row.example));
  figures->Count("write_error, of a read", row, got.empty(), got);
}

// Start, retry and terminal lines: the kind and state of the event, and that it names its task.
void CountLifecycle(const Row& row, Figures* figures) {
  const std::string kind = row.kind == "start" ? "start" : "terminal";
  std::string got = "no event";
  bool right = false;
  for (const RecordExplanation& record : ExplainRecords(BuiltinEngine(), row.example)) {
    for (const RecordExplanation::Fired& event : record.events) {
      std::map<std::string, std::string> values(event.values.begin(), event.values.end());
      got = event.kind + " " + values["state"] + " " +
            (values["task"].empty() ? "without a task" : values["task"]);
      const bool state =
          row.kind == "start" ||
          (row.kind == "retry" && (values["state"] == "retrying" || values["state"] == "failed")) ||
          (row.kind == "terminal_success" && values["state"] == "succeeded") ||
          (row.kind == "terminal_failure" &&
           (values["state"] == "failed" || values["state"] == "cancelled" || values["state"] == "retrying"));
      right = right || (event.kind == kind && state && !values["task"].empty());
    }
  }
  figures->Count(row.kind, row, right, got);
}

void CountQuiet(const Row& row, Figures* figures) {
  const std::string level = row.kind == "noise" ? "info" : "error";
  for (const Carrier& carrier : kQuietCarriers) {
    const std::string got = ReasonsOf(carrier.log(level, row.example));
    figures->Count(row.kind + ", " + carrier.name, row, got.empty(), got);
  }
}

Figures Measure(const std::vector<Row>& rows) {
  Figures figures;
  for (const Row& fact : rows) {
    const auto other = Disagreements().find(fact.example);
    const Row& row = other == Disagreements().end() ? fact : other->second;
    if (row.kind == "write_error") CountErrors(row, &figures);
    if (row.kind == "start" || row.kind == "retry" || row.kind.starts_with("terminal"))
      CountLifecycle(row, &figures);
    if (row.kind == "none" && fact.kind == "write_error") CountQuiet(row, &figures);
    if (row.kind == "read_error" || row.kind == "noise") CountQuiet(row, &figures);
  }
  figures.Print();
  return figures;
}

// At least 97 % of what must be found and at most 2 % of what must not; and no fewer than yesterday.
void Hold(const Figures& figures, const std::map<std::string, int>& floors) {
  for (const auto& [what, floor] : floors) {
    const Figure figure = figures.Of(what);
    const bool quiet = what.starts_with("noise") || what.starts_with("read_error");
    EXPECT_GE(figure.right * 100, figure.rows * (quiet ? 98 : 97)) << what;
    EXPECT_GE(figure.right, floor) << what;
  }
}

TEST(Facts, OfTheSystemsOwnSources) {
  const std::vector<Row> rows = ReadRows("messages.jsonl.gz");
  ASSERT_GE(rows.size(), 600u);
  Hold(Measure(rows), {{"noise, field", 30},
                       {"noise, lane", 30},
                       {"noise, own line", 30},
                       {"noise, worker line", 30},
                       {"read_error, field", 7},
                       {"read_error, lane", 7},
                       {"read_error, own line", 7},
                       {"read_error, worker line", 7},
                       {"none, field", 14},
                       {"none, lane", 14},
                       {"none, own line", 14},
                       {"none, worker line", 14},
                       {"write_error, field", 355},
                       {"write_error, lane", 346},
                       {"write_error, own line", 349},
                       {"write_error, worker line", 336},
                       {"write_error, error text", 355},
                       {"write_error, of a read", 354},
                       {"start", 20},
                       {"retry", 22},
                       {"terminal_success", 31},
                       {"terminal_failure", 63}});
}

TEST(Facts, FurtherMessages) {
  const std::vector<Row> rows = ReadRows("more_messages.jsonl");
  ASSERT_GE(rows.size(), 600u);
  Hold(Measure(rows), {{"noise, field", 64},
                       {"noise, lane", 64},
                       {"noise, own line", 64},
                       {"noise, worker line", 64},
                       {"read_error, field", 77},
                       {"read_error, lane", 77},
                       {"read_error, own line", 77},
                       {"read_error, worker line", 77},
                       {"write_error, field", 517},
                       {"write_error, lane", 517},
                       {"write_error, own line", 513},
                       {"write_error, worker line", 517},
                       {"write_error, error text", 522},
                       {"write_error, of a read", 527}});
}

// Each disagreement is about a row that exists, and says why.
TEST(Facts, DisagreementsAreReal) {
  std::set<std::string> examples;
  for (const char* file : {"messages.jsonl.gz", "more_messages.jsonl"}) {
    for (const Row& row : ReadRows(file)) examples.insert(row.example);
  }
  for (const auto& [example, row] : Disagreements()) {
    EXPECT_EQ(examples.count(example), 1u) << example;
    EXPECT_FALSE(row.why.empty()) << example;
  }
}

}  // namespace
}  // namespace gainsay
