// samples/watch: the dashboard and the alerts ask only for metrics that there are, and the tools that will
// read these files have nothing to say against them. What is not installed is skipped aloud.
#include <gtest/gtest.h>
#include <simdjson.h>
#include <sys/wait.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "report/figures.h"
#include "report/prometheus.h"

namespace gainsay {
namespace {

const std::string kFolder = GAINSAY_SOURCE_DIR "/samples/watch/";

std::string Read(const std::string& name) {
  std::ifstream in(kFolder + name, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

bool Installed(const std::string& tool) {
  return std::system(("command -v " + tool + " >/dev/null 2>&1").c_str()) == 0;
}

int Shell(const std::string& command, std::string* output) {
  FILE* pipe = popen(("cd '" + kFolder + "' && " + command + " 2>&1").c_str(), "r");
  EXPECT_NE(pipe, nullptr);
  for (int c; (c = std::fgetc(pipe)) != EOF;) *output += static_cast<char>(c);
  const int status = pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Every metric that a watch can have.
std::set<std::string> Metrics() {
  Figures figures;
  figures.watch.emplace().has_state = true;
  figures.watch->deliveries.push_back({"exec", 0, 0, 0, 0, 0});
  std::set<std::string> names;
  std::istringstream lines(PrometheusText(figures, 1));
  for (std::string hash, type, name, rest; lines >> hash >> type >> name && std::getline(lines, rest);) {
    if (hash == "#" && type == "TYPE") names.insert(name);
    while (lines.peek() != '#' && std::getline(lines, rest)) continue;
  }
  return names;
}

// The names in a text that look like metrics of ours.
std::set<std::string> MetricsIn(const std::string& text) {
  std::set<std::string> names;
  const auto is_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (size_t at = text.find("gainsay_"); at != std::string::npos; at = text.find("gainsay_", at + 1)) {
    size_t end = at;
    while (end < text.size() && is_name(text[end])) ++end;
    names.insert(text.substr(at, end - at));
  }
  return names;
}

void ExpectKnown(const std::string& text) {
  const std::set<std::string> there = Metrics();
  ASSERT_GT(there.size(), 25u);
  for (const std::string& name : MetricsIn(text)) EXPECT_TRUE(there.contains(name)) << name;
}

class WatchSamples : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasPrometheus()) GTEST_SKIP() << "built without prometheus-cpp";
  }
};

TEST_F(WatchSamples, NamesOfMetricsAreFound) {
  EXPECT_EQ(MetricsIn("rate(gainsay_a_total[5m]) / gainsay_b{x=\"1\"}"),
            (std::set<std::string>{"gainsay_a_total", "gainsay_b"}));
  EXPECT_TRUE(Metrics().contains("gainsay_write_errors_by_reason_total"));
  EXPECT_TRUE(Metrics().contains("gainsay_checkpoint_age_seconds"));
}

TEST_F(WatchSamples, TheDashboardShowsMetricsThatThereAre) {
  const std::string text = Read("gainsay-dashboard.json");
  simdjson::dom::parser parser;
  simdjson::dom::element dashboard;
  ASSERT_EQ(parser.parse(text).get(dashboard), simdjson::SUCCESS);
  simdjson::dom::array panels;
  ASSERT_EQ(dashboard["panels"].get(panels), simdjson::SUCCESS);
  std::set<int64_t> ids;
  std::set<std::string> shown;
  for (const simdjson::dom::element panel : panels) {
    EXPECT_TRUE(ids.insert(panel["id"].get_int64().value()).second);
    size_t asks = 0;
    const simdjson::dom::array targets = panel["targets"].get_array().value();
    for (const simdjson::dom::element target : targets) {
      const std::string expression(target["expr"].get_string().value());
      const std::set<std::string> names = MetricsIn(expression);
      EXPECT_FALSE(names.empty()) << expression;
      shown.insert(names.begin(), names.end());
      ++asks;
    }
    EXPECT_GT(asks, 0u) << panel["title"];
  }
  EXPECT_GT(shown.size(), 12u);
  ExpectKnown(text);
}

TEST_F(WatchSamples, TheAlertsAskForMetricsThatThereAre) {
  EXPECT_GT(MetricsIn(Read("gainsay-alerts.yml")).size(), 8u);
  ExpectKnown(Read("gainsay-alerts.yml"));
  ExpectKnown(Read("gainsay-alerts_test.yml"));
}

TEST_F(WatchSamples, WhatPilesUpIsShownAndAlertedOn) {
  const std::set<std::string> shown = MetricsIn(Read("gainsay-dashboard.json"));
  const std::set<std::string> alerted = MetricsIn(Read("gainsay-alerts.yml"));
  const std::set<std::string> tested = MetricsIn(Read("gainsay-alerts_test.yml"));
  for (const std::string name : {"gainsay_backlog_bytes", "gainsay_uncheckpointed_bytes",
                                 "gainsay_unwritten_bytes", "gainsay_lost_lines_total"}) {
    EXPECT_TRUE(shown.contains(name)) << name;
    EXPECT_TRUE(alerted.contains(name)) << name;
    EXPECT_TRUE(tested.contains(name)) << name;
  }
}

TEST_F(WatchSamples, PromtoolChecksTheAlerts) {
  if (!Installed("promtool")) GTEST_SKIP() << "promtool is not installed (Debian: prometheus)";
  std::string output;
  EXPECT_EQ(Shell("promtool check rules --lint-fatal gainsay-alerts.yml", &output), 0) << output;
  EXPECT_EQ(Shell("promtool test rules gainsay-alerts_test.yml", &output), 0) << output;
}

// The figure is exposure times ten: 1.1 of 10 is what is left of a service that has to read the journal and
// to answer on the loopback.
TEST_F(WatchSamples, SystemdChecksTheUnit) {
  if (!Installed("systemd-analyze")) GTEST_SKIP() << "systemd-analyze is not installed";
  std::string output;
  EXPECT_EQ(Shell("systemd-analyze security --offline=true --threshold=11 ./gainsay-watch.service", &output),
            0)
      << output;
  const std::string unit = testing::TempDir() + "gainsay-watch.service";
  std::string text = Read("gainsay-watch.service");
  const std::string installed = "/usr/bin/gainsay ";
  ASSERT_NE(text.find(installed), std::string::npos);
  text.replace(text.find(installed), installed.size(), GAINSAY_BINARY " ");
  std::ofstream(unit) << text;
  output.clear();
  EXPECT_EQ(Shell("systemd-analyze verify --man=no --recursive-errors=no " + unit, &output), 0) << output;
  EXPECT_EQ(output.find("gainsay-watch"), std::string::npos) << output;
}

TEST_F(WatchSamples, TheUnitGivesFlagsThatThereAre) {
  std::string help;
  ASSERT_EQ(Shell(GAINSAY_BINARY " watch --help", &help), 0);
  const std::string unit = Read("gainsay-watch.service");
  size_t at = unit.find("gainsay watch ", unit.find("ExecStart="));
  ASSERT_NE(at, std::string::npos);
  std::istringstream words(unit.substr(at, unit.find('\n', at) - at));
  size_t flags = 0;
  for (std::string word; words >> word;) {
    if (!word.starts_with("-")) continue;
    ++flags;
    EXPECT_NE(help.find(word.substr(0, word.find('='))), std::string::npos) << word;
  }
  EXPECT_GE(flags, 3u);
}

}  // namespace
}  // namespace gainsay
