// Lanes and subjects: where tasks ran, and what they worked on.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <set>
#include <string>

#include "reference_subjects.h"
#include "task/lanes.h"
#include "task/subjects.h"

namespace gainsay {
namespace {

// Events of one lane; `order` stands for their time.
class LanesTest : public testing::Test {
 protected:
  Event& At(std::string_view pid, std::string_view worker) {
    Event& event = events_.emplace_back();
    event.host = "h";
    event.pid = pid;
    event.lane = worker;
    return event;
  }

  // A task that starts and ends in places of their own; 0: no such line.
  void Add(uint32_t task, std::string_view pid, std::string_view worker, uint64_t start, uint64_t end) {
    Attempt attempt;
    if (start > 0) attempt.start = {&At(pid, worker), start};
    if (end > 0) attempt.terminal = {&At(pid, worker), end};
    attempts_.emplace_back(task, attempt);
  }

  // Starts in one process; another tells of its end.
  void AddApart(uint32_t task, std::string_view pid, uint64_t start, std::string_view end_pid, uint64_t end) {
    Attempt attempt;
    attempt.start = {&At(pid, ""), start};
    attempt.terminal = {&At(end_pid, ""), end};
    attempts_.emplace_back(task, attempt);
  }

  void Finish() {
    for (const Event& event : events_) lanes_.Ask(event);
    std::sort(attempts_.begin(), attempts_.end(),
              [](const auto& a, const auto& b) { return a.second.terminal.order < b.second.terminal.order; });
    for (const auto& [task, attempt] : attempts_) {
      if (attempt.Ended()) lanes_.SeeTerminal(attempt.terminal);
    }
    lanes_.TerminalsSeen();
    for (const auto& [task, attempt] : attempts_) lanes_.AddAttempt(task, attempt, 0, kNever);
    lanes_.Finish();
  }

  // "1", "1 2" (two are enough to know that none can be chosen), "" …
  std::string OpenAt(std::string_view pid, std::string_view worker, uint64_t order) {
    std::vector<uint32_t> tasks = lanes_.OpenAt(At(pid, worker), order);
    std::sort(tasks.begin(), tasks.end());
    std::string text;
    for (uint32_t task : tasks) text += (text.empty() ? "" : " ") + std::to_string(task);
    return text;
  }

  std::deque<Event> events_;
  std::vector<std::pair<uint32_t, Attempt>> attempts_;
  LaneOrder order_;  // as in time
  Lanes lanes_{order_};
};

TEST_F(LanesTest, TheNextStartEndsATaskWhoseEndIsToldElsewhere) {
  AddApart(1, "7", 10, "9", 35);
  AddApart(2, "7", 30, "9", 50);
  Finish();
  EXPECT_EQ(OpenAt("7", "", 20), "1");
  EXPECT_EQ(OpenAt("7", "", 32), "2");  // the monitor, process 9, has not told of 1's end yet
  EXPECT_EQ(OpenAt("7", "", 60), "");
  EXPECT_EQ(OpenAt("9", "", 20), "");  // it runs none
}

TEST_F(LanesTest, AForkedProcessIsItsTasksToo) {
  AddApart(1, "7", 10, "71", 20);
  AddApart(2, "8", 11, "81", 30);
  Finish();
  EXPECT_EQ(OpenAt("71", "", 15), "1");
  EXPECT_EQ(OpenAt("81", "", 15), "2");
  EXPECT_EQ(OpenAt("71", "", 25), "");
}

TEST_F(LanesTest, FromStartToTerminal) {
  Add(1, "7", "w1", 10, 20);
  Add(2, "7", "w1", 30, 40);
  Finish();
  EXPECT_EQ(OpenAt("7", "w1", 5), "");
  EXPECT_EQ(OpenAt("7", "w1", 15), "1");
  EXPECT_EQ(OpenAt("7", "w1", 25), "");
  EXPECT_EQ(OpenAt("7", "w1", 35), "2");
  EXPECT_EQ(OpenAt("7", "w2", 15), "");
  EXPECT_EQ(OpenAt("8", "w1", 15), "");
}

TEST_F(LanesTest, WithoutAStartFromThePreviousTerminal) {
  Add(1, "7", "w1", 0, 20);
  Add(2, "7", "w1", 0, 40);
  Finish();
  EXPECT_EQ(OpenAt("7", "w1", 5), "1");
  EXPECT_EQ(OpenAt("7", "w1", 25), "2");
  EXPECT_EQ(OpenAt("7", "w1", 45), "");
}

TEST_F(LanesTest, AStartThatSaysNothingOfTheLaneOnlyBoundsIt) {
  Attempt attempt;
  attempt.start = {&At("1", "Main"), 10};
  events_.back().lane_allowed = false;
  attempt.terminal = {&At("7", "w1"), 20};
  attempts_.emplace_back(1, attempt);
  Finish();
  EXPECT_EQ(OpenAt("1", "Main", 15), "");
  EXPECT_EQ(OpenAt("7", "w1", 5), "") << "before it was received";
  EXPECT_EQ(OpenAt("7", "w1", 15), "1");
}

TEST_F(LanesTest, SeveralAtOnceAreSeveral) {
  Add(1, "7", "", 10, 50);
  Add(2, "7", "", 20, 40);
  Add(3, "7", "", 30, 0);
  Finish();
  EXPECT_EQ(OpenAt("7", "", 15), "1");
  EXPECT_EQ(OpenAt("7", "", 25), "1 2");
  EXPECT_EQ(OpenAt("7", "", 60), "3");
  EXPECT_TRUE(lanes_.IsOpen(At("7", ""), 25, 2));
  EXPECT_FALSE(lanes_.IsOpen(At("7", ""), 45, 2));
}

TEST_F(LanesTest, AKilledTaskEndsWhereTheOnlyWorkerStartsTheNext) {
  Add(1, "7", "w1", 10, 20);
  Add(2, "7", "w1", 30, 0);
  Add(3, "7", "w1", 40, 50);
  Finish();
  EXPECT_EQ(OpenAt("7", "w1", 35), "2");
  EXPECT_EQ(OpenAt("7", "w1", 45), "3");
}

TEST_F(LanesTest, WithoutAnyNameTheSourceIsTheLaneOfOneWorker) {
  Add(1, "", "", 10, 20);
  Add(2, "", "", 30, 0);
  Add(3, "", "", 40, 50);
  Finish();
  EXPECT_EQ(OpenAt("", "", 15), "1");
  EXPECT_EQ(OpenAt("", "", 25), "");
  EXPECT_EQ(OpenAt("", "", 35), "2");
  EXPECT_EQ(OpenAt("", "", 45), "3");
  EXPECT_EQ(OpenAt("7", "", 15), "") << "it is somewhere else";
  Event elsewhere = At("", "");
  elsewhere.position.source = 1;
  EXPECT_TRUE(lanes_.OpenAt(elsewhere, 15).empty());
}

TEST_F(LanesTest, WithoutAnyNameTwoAtOnceSayNothing) {
  Add(1, "", "", 10, 20);
  Add(2, "", "", 30, 50);
  Add(3, "", "", 40, 60);
  Finish();
  EXPECT_EQ(OpenAt("", "", 15), "");
  EXPECT_EQ(OpenAt("", "", 35), "");
}

TEST_F(LanesTest, WithoutAnyNameATaskWithoutAStartSaysNothing) {
  Add(1, "", "", 10, 20);
  Add(2, "", "", 0, 50);
  Finish();
  EXPECT_EQ(OpenAt("", "", 15), "");
}

TEST_F(LanesTest, PartsThatARecordLacksDoNotCount) {
  Add(1, "7", "w1", 10, 20);
  Add(2, "7", "w2", 10, 30);
  Finish();
  EXPECT_EQ(OpenAt("7", "", 15), "1 2");
  EXPECT_EQ(OpenAt("7", "", 25), "2");
  EXPECT_EQ(OpenAt("", "w1", 15), "1");
  EXPECT_EQ(OpenAt("", "", 15), "") << "no lane at all";
}

TEST_F(LanesTest, OnesOwnPartsComeBeforeFewer) {
  Add(1, "7", "", 10, 40);
  Add(2, "7", "w1", 20, 30);
  Finish();
  EXPECT_EQ(OpenAt("7", "w1", 25), "2");
  EXPECT_EQ(OpenAt("7", "w1", 35), "1") << "none is open in the lane that has both";
  EXPECT_EQ(OpenAt("7", "w2", 25), "1");
}

TEST_F(LanesTest, DoubtFallsOnAllThatWereOpen) {
  Add(1, "7", "", 10, 50);
  Add(2, "7", "", 20, 40);
  Add(3, "7", "", 60, 70);
  Finish();
  lanes_.AddDoubt(At("7", ""), 30);
  lanes_.AddDoubt(At("7", ""), 31);
  std::vector<std::pair<uint32_t, uint64_t>> doubts;
  for (const Doubt& doubt : lanes_.Doubts()) doubts.emplace_back(doubt.task, doubt.order);
  EXPECT_EQ(doubts, (std::vector<std::pair<uint32_t, uint64_t>>{{1, 50}, {2, 40}})) << "where they end";
}

TEST(LaneOrderTest, IsInputOrderWithinASourceAndTimeBetween) {
  const std::vector<std::pair<uint32_t, uint64_t>> places = {{0, 10}, {0, 30}, {1, 0}, {0, 20}, {0, 40}};
  std::deque<KeptEvent> events;
  for (const auto& [source, offset] : places) {
    Event event;
    event.time_ns = static_cast<int64_t>(events.size());
    event.position.source = source;
    event.position.offset = offset;
    events.emplace_back(event);
  }
  const PackedEvents none;
  const Timeline timeline(none, &events, std::vector<uint64_t>(events.size()));
  const LaneOrder order(timeline);  // source 0 says 0 3 1 4: its second line's clock went ahead
  std::vector<uint64_t> placed;
  for (size_t i = 0; i < events.size(); ++i) {
    placed.push_back(order.PlaceOf(i));
    EXPECT_EQ(order.OrderOf(order.PlaceOf(i)), i);
  }
  EXPECT_EQ(placed, (std::vector<uint64_t>{0, 3, 1, 2, 4}));
}

TEST(SubjectTokensTest, AreWhatMayNameAnEntity) {
  const std::vector<std::pair<std::string_view, std::vector<std::string_view>>> cases = {
      {"Task a.b[7c3d2f8e-1] succeeded in 0.0291s: {'doc': 46927}", {"7c3d2f8e-1", "46927"}},
      {"rq_app.reindex(29902)", {"29902"}},
      {"reindex@49245.service: Deactivated", {"49245"}},
      {"at 23:19:02.123 on 2026-11-20 from 10.0.0.1:5432", {"2026-11-20"}},
      {"SKU-1042 and k77686", {"SKU-1042", "k77686"}},
      {"no 12 here", {}},
      {"", {}},
  };
  for (const auto& [text, tokens] : cases) EXPECT_EQ(SubjectTokens(text), tokens) << text;
}

TEST(SubjectTokensTest, AreThoseOfTheSlowTwin) {
  std::mt19937 random(4);
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (size_t size = random() % 24; size > 0; --size) text += "12a_-.: \xc3"[random() % 9];
    const std::vector<std::string_view> tokens = SubjectTokens(text);
    ASSERT_EQ(std::set<std::string>(tokens.begin(), tokens.end()), reference::TokensOf(text)) << text;
  }
}

TEST(SubjectsTest, LearnsFromArgumentsMessagesAndIds) {
  Subjects subjects;
  subjects.AskAll("74054 8812 reindex-74054");
  Event event;
  event.task = "reindex-74054";
  event.message = R"re(Job "reindex-74054 (trigger: date)" executed)re";
  event.subject = "[8812]";
  subjects.Learn(3, event);
  subjects.Learn(3, event);
  EXPECT_EQ(subjects.TasksOf("74054"), std::vector<uint32_t>{3});
  EXPECT_EQ(subjects.TasksOf("8812"), std::vector<uint32_t>{3});
  EXPECT_TRUE(subjects.TasksOf("reindex-74054").empty()) << "the id itself is no subject";
  EXPECT_TRUE(subjects.TasksOf("7405").empty()) << "nobody asked for it";
  EXPECT_EQ(NumberBehindLetters("k77686"), "77686");
}

}  // namespace
}  // namespace gainsay
