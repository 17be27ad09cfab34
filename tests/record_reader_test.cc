#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "record/reader.h"
#include "record_reading.h"

namespace gainsay {
namespace {

TEST(RecordReader, ReadsTheLoggersOwnNames) {
  struct Case {
    const char* line;
    const char *message, *time;
    int severity;
    const char *error, *task;
  };
  const Case cases[] = {
      {R"({"level":50,"time":1795216989941,"jobId":"5","err":{"type":"DatabaseError","message":"read-only","stack":"DatabaseError: read-only\n    at x"},"msg":"failed"})",
       "failed", "2026-11-20T23:23:09.941Z", 17, "DatabaseError: read-only\n    at x", "5"},
      {R"({"lvl":"WARN","ts":"2026-08-01T10:00:00.123Z","ctx":{"class":"A","jid":"abc"},"msg":"m"})", "m",
       "2026-08-01T10:00:00.123Z", 13, "", "abc"},
      {R"({"log.level":" INFO","log":{"logger":"x"},"message":"m","error":{"message":"a","stack_trace":"b"}})",
       "m", "", 9, "a\nb", ""},
      {R"({"event":"Task finished","level":"error","timestamp":1722506400.5,"exception":"Traceback"})",
       "Task finished", "2024-08-01T10:00:00.500Z", 17, "Traceback", ""},
      {R"({"event":{"kind":"x"},"log":"from docker\n","time":"2026-08-01T10:00:00Z"})", "from docker",
       "2026-08-01T10:00:00Z", 0, "", ""},
      {R"({"text":"whole | line\n","record":{"level":{"name":"ERROR","no":40},"message":"m","time":{"timestamp":1722506400.0}}})",
       "m", "2024-08-01T10:00:00Z", 17, "", ""},
      {R"({"severity":"ERROR","message":"m","timestampSeconds":1722506400,"timestampNanos":5000})", "m",
       "2024-08-01T10:00:00.000005Z", 17, "", ""},
      {R"({"severityNumber":18,"body":{"stringValue":"m"},"timeUnixNano":"1722506400123456789"})", "m",
       "2024-08-01T10:00:00.123456789Z", 18, "", ""},
      {R"({"@l":"Error","@mt":"t {a}","@m":"t 1","@t":"2026-08-01T10:00:00.1234567Z","@x":"boom"})", "t 1",
       "2026-08-01T10:00:00.123456700Z", 17, "boom", ""},
      {R"({"level":"nonsense","severity":"warning","message":"","msg":"second","time":"soon","ts":1722506400})",
       "second", "2024-08-01T10:00:00Z", 13, "", ""},
      {R"({"message":"m","exc_info":["Traceback","ValueError: x"],"taskName":"Task-1"})", "m", "", 0,
       "Traceback\nValueError: x", ""},
      {R"({"message":"m","exc_info":true,"error":{"status":500,"x":[1]}})", "m", "", 0,
       R"({"status":500,"x":[1]})", ""},
      {R"({"message":"m","error":"write failed","err":"conn: write failed","stack":"write failed"})", "m", "",
       0, "conn: write failed", ""},
      {R"({"message":"m","task_id":{"a":1},"taskId":"","my_task":17,"id":"no"})", "m", "", 0, "", "17"},
      {R"({"message":"m","id":"no","data":{"id":"no"},"JOB_ID":"1"})", "m", "", 0, "", ""},
      {R"({})", "", "", 0, "", ""},
  };
  Reading reading;
  for (const Case& c : cases) {
    const Owned r = reading.One(c.line);
    EXPECT_EQ(r.message, c.message) << c.line;
    EXPECT_EQ(r.time, c.time) << c.line;
    EXPECT_EQ(r.severity, c.severity) << c.line;
    EXPECT_EQ(r.error, c.error) << c.line;
    EXPECT_EQ(r.field(Field::kTask), c.task) << c.line;
    EXPECT_EQ(r.field(Field::kName).substr(0, 5), c.line[2] == 'l' && c.line[3] == 'v' ? "A" : "") << c.line;
  }
}

TEST(RecordReader, ReadsJournald) {
  Reading reading({"TASK_ID", "UNIT"});
  Owned r = reading.One(
      R"({"MESSAGE":[99,97,102,233],"PRIORITY":"3","_PID":"7","_HOSTNAME":"h","__REALTIME_TIMESTAMP":"1795217821372246"})");
  EXPECT_EQ(r.message, "caf\xEF\xBF\xBD");
  EXPECT_EQ(reading.counters.invalid_utf8, 1u);
  EXPECT_EQ(r.severity, 17);
  EXPECT_EQ(r.time, "2026-11-20T23:37:01.372246Z");
  EXPECT_EQ(r.field(Field::kPid), "7");
  EXPECT_EQ(r.field(Field::kHost), "h");
  r = reading.One(R"({"MESSAGE":["one",null,[27,91,51],"two"],"TASK_ID":["","t-3","t-4"],"UNIT":["a","b"]})");
  EXPECT_EQ(r.message, "one\n\x1b[3\ntwo");
  EXPECT_EQ(r.field(Field::kTask), "t-3");
  EXPECT_EQ(reading.Attribute(r, "TASK_ID"), "t-3");
  EXPECT_EQ(reading.Attribute(r, "UNIT"), "a");
  r = reading.One(R"({"MESSAGE":null,"PRIORITY":"3"})");
  EXPECT_TRUE(r.is_null);
  EXPECT_EQ(r.message, "");
  EXPECT_EQ(reading.counters.null_messages, 1u);
  EXPECT_TRUE(reading.One(R"({"MESSAGE":[null,null]})").is_null);
  EXPECT_FALSE(reading.One(R"({"MESSAGE":null,"message":"m"})").is_null);
  EXPECT_FALSE(reading.One(R"({"MESSAGE":""})").is_null);
  EXPECT_EQ(reading.One(R"({"MESSAGE":[256]})").message, "")
      << "no byte: it stays an array, which is no message";
  EXPECT_EQ(reading.One("\x1E{\"MESSAGE\":\"a\"}").message, "a");
  EXPECT_EQ(reading.One("data: {\"MESSAGE\":\"a\"}").message, "a");
}

TEST(RecordReader, KeysAndValues) {
  Reading reading({"a.b", "n", "t", "o", "list", "none"});
  Owned r = reading.One(
      R"({"m\u0073g":"x\u0041\ud83d\ude00\udcff\/","a.b":"literal","a":{"b":"nested"},"n":-1.50e+3,"t":true,"o": {"z" : 1} ,"list":[1, "2"]})");
  EXPECT_EQ(r.message, "xA\xF0\x9F\x98\x80\xEF\xBF\xBD/");
  EXPECT_EQ(reading.Attribute(r, "a.b"), "literal");
  EXPECT_EQ(reading.Attribute(r, "n"), "-1.50e+3");
  EXPECT_EQ(reading.Attribute(r, "t"), "true");
  EXPECT_EQ(reading.Attribute(r, "o"), R"({"z" : 1})");
  EXPECT_EQ(reading.Attribute(r, "list"), R"([1, "2"])");
  EXPECT_EQ(reading.Attribute(r, "none"), "(none)");
  r = reading.One(R"({"a":{"b":"nested"},"a.b":"literal","msg":"first","\u006dsg":"last"})");
  EXPECT_EQ(reading.Attribute(r, "a.b"), "literal");
  EXPECT_EQ(r.message, "last");
  EXPECT_EQ(reading.Attribute(reading.One(R"({"a":{"b":null}})"), "a.b"), "(none)");
  EXPECT_EQ(reading.Attribute(reading.One(R"({"a":{"b":""}})"), "a.b"), "");
}

TEST(RecordReader, InnerLayersWin) {
  Reading reading({"x", "y"});
  Owned r = reading.One(
      R"({"MESSAGE":"{\"level\":\"error\",\"msg\":\"primary write failed\",\"job_id\":\"7\",\"x\":\"in\"}","PRIORITY":"6","_PID":"9","x":"out","y":"out","job_id":"outer","__REALTIME_TIMESTAMP":"1795217821372246"})");
  EXPECT_EQ(r.message, "primary write failed");
  EXPECT_EQ(r.severity, 17);
  EXPECT_EQ(r.field(Field::kTask), "7");
  EXPECT_EQ(r.field(Field::kPid), "9");
  EXPECT_EQ(r.time, "2026-11-20T23:37:01.372246Z");
  EXPECT_EQ(reading.Attribute(r, "x"), "in");
  EXPECT_EQ(reading.Attribute(r, "y"), "out");
  r = reading.One(
      R"({"log":"[2026-08-01 10:00:00,123: WARNING/Fork-1] {\"msg\":\"deep\",\"level\":50}\n","time":"2020-01-01T00:00:00Z"})");
  EXPECT_EQ(r.message, "deep");
  EXPECT_EQ(r.severity, 17);
  EXPECT_EQ(r.time, "2026-08-01T10:00:00.123Z");
  EXPECT_EQ(r.field(Field::kLane), "Fork-1");
  r = reading.One(R"(web-1  | [2026-08-01 10:00:00: ERROR/F] WARN: low)");
  EXPECT_EQ(r.message, "low");
  EXPECT_EQ(r.severity, 13);
  EXPECT_EQ(r.field(Field::kHost), "web-1");
  r = reading.One(R"({"MESSAGE":"INFO: first\nTraceback\nboom","PRIORITY":"6"})");
  EXPECT_EQ(r.message, "first");
  EXPECT_EQ(r.error, "Traceback\nboom");
  r = reading.One(R"({"msg":"{\"rows\": 10}","level":"info"})");
  EXPECT_EQ(r.message, R"({"rows": 10})") << "data, no layer";
  r = reading.One(R"({"msg":"{\"msg\": \"cut","level":"info"})");
  EXPECT_EQ(r.message, R"({"msg": "cut)") << "text, not malformed";
  r = reading.One(R"({"message":{"level":"error","msg":"inner"},"level":"info"})");
  EXPECT_EQ(r.message, "inner");
  EXPECT_EQ(r.severity, 17);
  std::string nested = R"({"msg":"core"})";
  for (int i = 0; i < 12; ++i) {
    std::string escaped;
    for (const char c : nested)
      escaped += (c == '"' || c == '\\') ? std::string("\\") + c : std::string(1, c);
    nested = R"({"msg":")" + escaped + "\"}";
    if (nested.size() > (1 << 20)) break;
    if (i < 5)
      EXPECT_EQ(reading.One(nested).message, "core") << i;
    else
      reading.One(nested);
  }
}

TEST(RecordReader, TellsMalformedLines) {
  Reading reading({"a.b"});
  const std::string whole =
      R"({"a":{"b":[1,{"c":"}"},"x\\"],"d":null},"n":-1.5,"t":true,"msg":"k\"{[","e":{}})";
  EXPECT_FALSE(reading.Malformed(whole));
  for (size_t cut = 1; cut < whole.size(); ++cut) {
    EXPECT_TRUE(reading.Malformed(whole.substr(0, cut))) << whole.substr(0, cut);
  }
  for (const char* line : {R"({"a":1}})",
                           R"({"a":1}{"b":2})",
                           R"({"a":1} x)",
                           R"({"a":1]})",
                           R"({"a":[1})",
                           R"({"a":{1]})",
                           R"({"a":1 "b":2})",
                           R"({"a":"x" "y"})",
                           R"({"a" 1})",
                           R"({a:1})",
                           R"({"a":tru})",
                           R"({"a":nul})",
                           R"({"a":01})",
                           R"({"a":1.})",
                           R"({"a":-})",
                           R"({"a":1x})",
                           R"({"a":"x"y})",
                           R"({"a":1,})",
                           R"({,})",
                           R"({"a":})",
                           R"({"a"})",
                           R"({"zz":[1,]})",
                           R"({"zz":[1 2]})",
                           R"({"zz":{"q":[}]}})",
                           R"({"msg":"\x"})",
                           R"({"msg":"\u12"})",
                           R"({"msg":"a\"})",
                           "{",
                           "{}}",
                           "{\"",
                           "{'a': 1}",
                           "{\"a\":1}\xEF\xBB\xBF x}"}) {
    EXPECT_TRUE(reading.Malformed(line)) << line;
  }
  EXPECT_TRUE(reading.Malformed("INFO: {\"msg\": \"cut")) << "behind a known prefix";
  std::string deep = "{\"a\":";
  for (int i = 0; i < 100'000; ++i) deep += "[";
  EXPECT_TRUE(reading.Malformed(deep));
  for (int i = 0; i < 100'000; ++i) deep += "]";
  EXPECT_TRUE(reading.Malformed(deep + "}"));
  EXPECT_EQ(reading.counters.first_malformed_line, 1u);
  for (const char* line : {"[1,2]", "42", "\"text\"", "null", "}"})
    EXPECT_EQ(reading.One(line).message, line);
}

TEST(BuiltinFields, CoverTheLoggersOfTheFacts) {
  std::ifstream file(std::string(GAINSAY_SOURCE_DIR) + "/tests/data/log_fields.jsonl");
  ASSERT_TRUE(file.is_open());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Reading reading({"library", "level_field", "message_field", "time_field"});
  const std::vector<Owned> rows = reading.Read(text);
  EXPECT_EQ(reading.counters.malformed, 0u);
  ASSERT_GE(rows.size(), 40u);
  const auto known = [](Field field, const std::string& cell) {
    const std::string name = cell.substr(0, cell.find_first_of(" ,;"));
    // Told in words: no name of their own, or not of JSON.
    if (name.empty() || name[0] == '(' || name[0] == '[' || name[0] == '"' || name == "user-defined" ||
        name == "rest" || name == "user-chosen" || name == "user-chosen;" || name == "first" ||
        name == "Logger") {
      return true;
    }
    const auto& paths = BuiltinFields().paths[static_cast<size_t>(field)];
    return std::find(paths.begin(), paths.end(), name) != paths.end();
  };
  for (const Owned& row : rows) {
    const std::string library = reading.Attribute(row, "library");
    EXPECT_TRUE(known(Field::kLevel, reading.Attribute(row, "level_field"))) << library;
    EXPECT_TRUE(known(Field::kMessage, reading.Attribute(row, "message_field"))) << library;
    EXPECT_TRUE(known(Field::kTime, reading.Attribute(row, "time_field"))) << library;
  }
}

}  // namespace
}  // namespace gainsay
