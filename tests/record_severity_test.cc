#include <gtest/gtest.h>

#include "record/fields.h"
#include "record/severity.h"

namespace gainsay {
namespace {

struct Case {
  const char* text;
  int severity;  // -1: no level
  LevelScale scale = LevelScale::kGuess;
};

TEST(ParseSeverity, ReadsWordsAndNumbers) {
  const Case cases[] = {
      {"ERROR", 17},
      {"error", 17},
      {"err", 17},
      {"E", 17},
      {"ERRO", 17},
      {"fail", 17},
      {"SEVERE", 17},
      {" INFO", 9},
      {"INFO ", 9},
      {"Information", 9},
      {"SUCCESS", 9},
      {"warn", 13},
      {"WARNING", 13},
      {"WRN", 13},
      {"notice", 10},
      {"CRITICAL", 21},
      {"crit", 18},
      {"alert", 19},
      {"emerg", 21},
      {"FATAL", 21},
      {"dpanic", 21},
      {"debug", 5},
      {"DEBG", 5},
      {"verbose", 5},
      {"silly", 1},
      {"http", 5},
      {"TRCE", 1},
      {"[error]", 17},
      {"ERROR:", 17},
      {"ERROR+4", 21},
      {"INFO-2", 7},
      {"DEBUG-4", 1},
      {"WARN+1", 14},
      {"DEBUG-99", 1},
      {"50", 17},
      {"40", 13},
      {"30", 9},
      {"35", 9},
      {"60", 21},
      {"10", 1},
      {"3", 17},
      {"4", 13},
      {"6", 9},
      {"0", 21},
      {"7", 5},
      {"", -1},
      {"   ", -1},
      {"stdout", -1},
      {"8", -1},
      {"61", -1},
      {"200", -1},
      {"3x", -1},
      {"-3", -1},
      {"ERROR+", -1},
      {"+4", -1},
      {"INFO+x", -1},
      {"99999999999", -1},
      {"30.0", 9},
      {"30.5", -1},
      {"errors", -1},
      {"17", 17, LevelScale::kOpenTelemetry},
      {"9", 9, LevelScale::kOpenTelemetry},
      {"24", 24, LevelScale::kOpenTelemetry},
      {"25", -1, LevelScale::kOpenTelemetry},
      {"0", -1, LevelScale::kOpenTelemetry},
      {"3", 17, LevelScale::kSyslog},
      {"10", -1, LevelScale::kSyslog},
      {"error", 17, LevelScale::kSyslog},
  };
  for (const Case& c : cases) {
    const std::optional<Severity> severity = ParseSeverity(c.text, c.scale);
    EXPECT_EQ(severity ? int{*severity} : -1, c.severity) << '"' << c.text << '"';
  }
}

TEST(ParseSeverity, HoldsAgainstHostileText) {
  EXPECT_FALSE(ParseSeverity(std::string_view("\0\0", 2)));
  EXPECT_FALSE(ParseSeverity(std::string(1 << 20, '9')));
  EXPECT_FALSE(ParseSeverity(std::string(1 << 20, 'e')));
}

TEST(SeverityName, NamesTheRanges) {
  EXPECT_EQ(SeverityName(kNoSeverity), "");
  EXPECT_EQ(SeverityName(1), "trace");
  EXPECT_EQ(SeverityName(4), "trace");
  EXPECT_EQ(SeverityName(5), "debug");
  EXPECT_EQ(SeverityName(10), "info");
  EXPECT_EQ(SeverityName(13), "warn");
  EXPECT_EQ(SeverityName(20), "error");
  EXPECT_EQ(SeverityName(24), "fatal");
  EXPECT_EQ(SeverityName(25), "");
}

TEST(ScaleOf, KnowsTheNumberFields) {
  EXPECT_EQ(ScaleOf("severityNumber"), LevelScale::kOpenTelemetry);
  EXPECT_EQ(ScaleOf("PRIORITY"), LevelScale::kSyslog);
  EXPECT_EQ(ScaleOf("level"), LevelScale::kGuess);
}

}  // namespace
}  // namespace gainsay
