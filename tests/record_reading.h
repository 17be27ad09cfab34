// Text in, owned records out, through a RecordReader with three text formats: what the tests
// of the reader share. The chunk has exactly the padding that the contract promises.
//
//   Reading reading({"a.b"});                       // a path that some rule asks for
//   Owned r = reading.One(R"({"msg":"x"})");
#ifndef GAINSAY_TESTS_RECORD_READING_H_
#define GAINSAY_TESTS_RECORD_READING_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "record/reader.h"

namespace gainsay {

// A record with its strings owned.
struct Owned {
  uint64_t line = 0, offset = 0;
  uint32_t lines = 0;
  std::string raw, message, error, time;
  int severity = 0;
  bool is_null = false;
  std::string fields[kFieldCount];
  std::vector<std::string> attributes;

  const std::string& field(Field f) const { return fields[static_cast<size_t>(f)]; }
};

class Reading {
 public:
  explicit Reading(const std::vector<std::string>& paths = {}) {
    Pack pack;
    pack.id = "t";
    const auto text = [&pack](const std::string& id, const std::string& pattern) {
      TextFormat format;
      format.pack = "t";
      format.id = id;
      format.pattern = pattern;
      pack.texts.push_back(format);
    };
    text("worker", R"(^\[(?P<time>[^\]]*?): (?P<level>[A-Z]+)/(?P<lane>[^\]]+)\] (?P<message>.*)$)");
    text("compose", R"(^(?P<host>[a-z]+-\d+)  \| (?P<message>.*)$)");
    text("level", R"(^(?P<level>DEBUG|INFO|WARN|ERROR): (?P<message>.*)$)");
    Rule rule;
    for (const std::string& path : paths) rule.where.push_back({path, "x", {}});
    pack.rules.push_back(rule);
    pack.fields.paths[static_cast<size_t>(Field::kTask)] = {"my_task"};
    rules_.packs.push_back(pack);
    plan_ = std::make_unique<FieldPlan>(FieldPlan::Compile(rules_));
    texts_ = std::make_unique<TextFormats>(*TextFormats::Compile(rules_));
  }

  std::vector<Owned> Read(std::string_view text) {
    // Exactly the padding that the contract promises, so that a read beyond it is seen.
    std::vector<char> bytes(text.begin(), text.end());
    bytes.insert(bytes.end(), kChunkPadding, '}');
    RecordReader reader(*plan_, *texts_, absl::UTCTimeZone());
    Chunk chunk;
    chunk.bytes = {bytes.data(), text.size()};
    reader.Open(chunk, 0);
    std::vector<Owned> records;
    while (const Record* record = reader.Next()) records.push_back(Own(*record));
    counters = reader.counters();
    EXPECT_TRUE(counters.AddUp());
    EXPECT_EQ(counters.lines, static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n')) +
                                  (text.empty() || text.back() == '\n' ? 0 : 1));
    EXPECT_EQ(counters.bytes, text.size());
    return records;
  }
  Owned One(std::string_view text) {
    std::vector<Owned> records = Read(text);
    EXPECT_EQ(records.size(), 1u) << text;
    return records.empty() ? Owned{} : records[0];
  }
  bool Malformed(std::string_view line) { return Read(line).empty() && counters.malformed == 1; }
  bool Starts(std::string_view line) { return StartsRecord(line, *texts_); }
  std::string Attribute(const Owned& record, const std::string& path) {
    return record.attributes[plan_->Slot(path)];
  }

  ReadCounters counters;

 private:
  static Owned Own(const Record& r) {
    Owned o;
    o.line = r.position.line;
    o.offset = r.position.offset;
    o.lines = r.lines;
    o.raw = r.raw;
    o.message = r.message;
    o.error = r.error;
    o.time = FormatTime(r.time_ns);
    o.severity = r.severity;
    o.is_null = r.message_is_null;
    for (size_t i = 0; i < kFieldCount; ++i) o.fields[i] = r.fields[i];
    for (const std::string_view a : r.attributes) o.attributes.emplace_back(a.data() ? a : "(none)");
    return o;
  }

  RuleSet rules_;
  std::unique_ptr<FieldPlan> plan_;
  std::unique_ptr<TextFormats> texts_;
};

}  // namespace gainsay

#endif  // GAINSAY_TESTS_RECORD_READING_H_
