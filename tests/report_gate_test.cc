// Baselines and gates over documents made by hand: what is known, what is new, and what is said of it.
#include <gtest/gtest.h>

#include <sstream>

#include "report/gate.h"
#include "report/read_document.h"
#include "report/report.h"

namespace gainsay {
namespace {

// A finding for each list of causes.
Document Findings(const std::vector<std::vector<std::string>>& findings) {
  std::string lines;
  for (size_t i = 0; i < findings.size(); ++i) {
    lines += R"({"type":"finding","id":"f)" + std::to_string(i) + R"(","cause":")" + findings[i][0] +
             R"(","errors":[)";
    for (const std::string& cause : findings[i]) {
      if (&cause != &findings[i][0]) lines += ",";
      lines += R"({"cause":")" + cause +
               R"(","reason":"no_space","target":"primary","message":"lost","time":"2026-05-31T12:00:00Z"})";
    }
    lines += "]}\n";
  }
  DocumentReader reader;
  EXPECT_TRUE(reader
                  .Read("f", lines + R"({"type":"summary","exit":1})"
                                     "\n")
                  .ok());
  return reader.Finish();
}

Baseline Known(const std::string& text) {
  Baseline baseline;
  const absl::Status read = ReadBaseline("b", text, &baseline);
  EXPECT_TRUE(read.ok()) << read;
  return baseline;
}

std::string Entry(const std::string& id, const std::string& rest = "") {
  return R"({"type":"cause","id":")" + id + "\"" + rest + "}\n";
}

Document Gated(Document document, const std::string& baseline, const GateOptions& options = {}) {
  ApplyGate(Known(baseline), options, &document);
  return document;
}

TEST(Gate, AFindingIsKnownIfAllItsCausesAre) {
  const Document gated = Gated(Findings({{"a"}, {"a", "b"}, {"b"}, {"a"}}), Entry("a"));
  EXPECT_TRUE(gated.gate->failed);
  EXPECT_EQ(gated.gate->new_findings, 2u);
  ASSERT_EQ(gated.gate->because.size(), 1u);
  EXPECT_EQ(gated.gate->because[0], "new: no_space on primary (cause b, 2 runs): lost");
  EXPECT_EQ(gated.summary.exit_code, 1);
  EXPECT_EQ(Gated(Findings({{"a"}, {"a", "b"}}), Entry("a") + Entry("b")).summary.exit_code, 0);
}

TEST(Gate, EntriesExpireByTheTimeOfTheLog) {
  const auto standing = [](const Document& document) { return document.gate->causes.at(0).standing; };
  EXPECT_EQ(standing(Gated(Findings({{"a"}}), Entry("a", R"(,"expires":"2026-05-31")"))), Standing::kKnown);
  EXPECT_EQ(standing(Gated(Findings({{"a"}}), Entry("a", R"(,"expires":"2026-05-30")"))), Standing::kExpired);
  Document timeless = Findings({{"a"}});
  timeless.causes[0].first_ns = timeless.causes[0].last_ns = kNoTime;
  const std::string entry = Entry("a", R"(,"expires":"2026-05-30")");
  EXPECT_EQ(standing(Gated(timeless, entry)), Standing::kKnown);
  GateOptions options;
  options.written_ns = 1'790'000'000 * kSecond;
  EXPECT_EQ(standing(Gated(timeless, entry, options)), Standing::kExpired);
  EXPECT_EQ(standing(Gated(Findings({{"a"}}), entry + Entry("a"))), Standing::kKnown)
      << "one entry accepts it";
}

TEST(Gate, InconclusiveUnlessAllowed) {
  Document document = Findings({{"a"}});
  document.summary.inconclusive = {"b.log ends early"};
  EXPECT_EQ(Gated(document, Entry("a")).summary.exit_code, 3);
  EXPECT_EQ(Gated(document, "").summary.exit_code, 1);
  GateOptions options;
  options.allow_inconclusive = true;
  EXPECT_EQ(Gated(document, Entry("a"), options).summary.exit_code, 0);
  options.fail_on = FailOn::kNever;
  EXPECT_EQ(Gated(document, "", options).summary.exit_code, 0);
}

// What a CI system is shown: a known cause neither fails a test there nor is it annotated.
TEST(Gate, WithoutWhatIsKnown) {
  const Document left = WithoutKnown(Gated(Findings({{"a"}, {"a", "b"}, {"b"}}), Entry("a")));
  ASSERT_EQ(left.findings.size(), 2u);
  EXPECT_EQ(left.findings[0].cause, "b");
  EXPECT_EQ(left.findings[0].errors.size(), 1u) << "only the new one may be named";
  ASSERT_EQ(left.causes.size(), 1u);
  EXPECT_EQ(left.causes[0].findings, (std::vector<size_t>{0, 1}));
  EXPECT_EQ(left.summary.verdict, Outcome::kContradiction);
  EXPECT_EQ(WithoutKnown(Gated(Findings({{"a"}}), Entry("a"))).summary.verdict, Outcome::kClean);
  GateOptions any;
  any.fail_on = FailOn::kAny;
  EXPECT_EQ(WithoutKnown(Gated(Findings({{"a"}}), Entry("a"), any)).findings.size(), 1u);
}

TEST(Gate, ComesBackFromJsonLines) {
  const Document gated = Gated(Findings({{"a"}, {"b\\u001b\\n"}}),
                               Entry("a", R"(,"why":"x","expires":"2026-06-30","max_tasks":7)") + Entry("z"));
  std::ostringstream out;
  Write(Format::kJsonl, gated, {}, out);
  DocumentReader reader;
  ASSERT_TRUE(reader.Read("f", out.str()).ok());
  std::ostringstream again;
  Write(Format::kJsonl, reader.Finish(), {}, again);
  EXPECT_EQ(again.str(), out.str());
}

TEST(Baseline, AnyReportIsOne) {
  const Baseline known = Known(R"({"type":"finding","id":"f","errors":[{"cause":"a"},{"cause":"b"}]})"
                               "\n" +
                               Entry("b") +
                               R"({"type":"summary"})"
                               "\n\n"
                               R"({"type":"of the future"})");
  ASSERT_EQ(known.entries.size(), 2u);
  EXPECT_EQ(known.entries[0].id, "b");
  EXPECT_EQ(known.entries[1].id, "a");
  EXPECT_EQ(known.entries[1].line, 1u);
  EXPECT_EQ(Known("").entries.size(), 0u);
}

TEST(Baseline, ABrokenOneAddsNothing) {
  Baseline baseline;
  for (const char* bad :
       {"nonsense", "[1]", R"({"type":"cause"})", R"({"type":"cause","id":"a","why":7})",
        R"({"type":"cause","id":"a","expires":"31.12.2026"})", R"({"type":"cause","id":"a","expires":7})",
        R"({"type":"cause","id":"a","max_tasks":"5"})"}) {
    const absl::Status read = ReadBaseline("b", Entry("x") + bad, &baseline);
    EXPECT_TRUE(std::string(read.message()).starts_with("b:2: ")) << bad << " " << read;
    EXPECT_TRUE(baseline.entries.empty());
  }
}

}  // namespace
}  // namespace gainsay
