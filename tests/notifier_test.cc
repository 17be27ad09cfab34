// The queue before the receivers of findings: mostly with a receiver that does what the test says.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "notices.h"
#include "pipeline_notify.h"
#include "watch/receiver.h"

namespace gainsay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Outcome = Delivery::Outcome;

// Does what the test says; remembers what it was given.
class Scripted : public Receiver {
 public:
  std::string_view name() const override { return "scripted"; }
  Delivery Deliver(const Notice& notice, const std::atomic<bool>& stop) override {
    std::unique_lock<std::mutex> lock(mutex);
    given.push_back(notice.id);
    changed.notify_all();
    while (blocked && !stop) changed.wait_for(lock, milliseconds(5));
    if (stop) return {Outcome::kAgain, "stopped", {}};
    return script ? script(notice) : Delivery{};
  }
  void WaitForFirst() {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return !given.empty(); });
  }
  void Unblock() {
    const std::lock_guard<std::mutex> lock(mutex);
    blocked = false;
    changed.notify_all();
  }

  std::mutex mutex;
  std::condition_variable changed;
  bool blocked = false;
  std::vector<std::string> given;
  std::function<Delivery(const Notice&)> script;
};

NotifierOptions Quick() {
  NotifierOptions options;
  options.attempts = 4;
  options.first_backoff = milliseconds(1);
  options.longest_backoff = milliseconds(3);
  return options;
}

// The receiver belongs to the notifier, and is looked at while it lives.
std::pair<std::unique_ptr<Notifier>, Scripted*> Make(const NotifierOptions& options, bool blocked = false) {
  auto receiver = std::make_unique<Scripted>();
  receiver->blocked = blocked;
  Scripted* scripted = receiver.get();
  return {std::make_unique<Notifier>(std::move(receiver), options), scripted};
}

TEST(NotifierTest, DeliversInOrder) {
  auto [notifier, receiver] = Make(Quick());
  std::vector<std::string> sent;
  for (int i = 0; i < 200; ++i) {
    notifier->Send(Of(i));
    sent.push_back(std::to_string(i));
  }
  notifier->Drain(seconds(60));
  EXPECT_EQ(receiver->given, sent);
  EXPECT_EQ(notifier->counts().delivered, 200u);
  EXPECT_EQ(notifier->counts().queued, 0u);
  EXPECT_EQ(notifier->TakeProblem(), "");
}

TEST(NotifierTest, RetriesAndGivesUp) {
  auto [notifier, receiver] = Make(Quick(), true);
  int failures = 0;
  receiver->script = [&](const Notice& notice) -> Delivery {
    if (notice.id == "1" && ++failures <= 2) return {Outcome::kAgain, "not yet", {}};
    if (notice.id == "2") return {Outcome::kAgain, "never", {}};
    if (notice.id == "3") return {Outcome::kRefused, "go away", {}};
    return {};
  };
  receiver->Unblock();
  for (int i = 1; i <= 4; ++i) notifier->Send(Of(i));
  notifier->Drain(seconds(60));
  EXPECT_EQ(receiver->given, (std::vector<std::string>{"1", "1", "1", "2", "2", "2", "2", "3", "4"}));
  const DeliveryFigures counts = notifier->counts();
  EXPECT_EQ(counts.delivered, 2u);
  EXPECT_EQ(counts.failed, 2u);
  EXPECT_EQ(counts.retries, 5u);
  EXPECT_EQ(counts.dropped, 0u);
  EXPECT_EQ(notifier->TakeProblem(), "go away");
  EXPECT_EQ(notifier->TakeProblem(), "");
}

TEST(NotifierTest, AFullQueueDropsKnownCausesFirstAndNeverWaits) {
  NotifierOptions options = Quick();
  options.queue = 3;
  auto [notifier, receiver] = Make(options, true);
  notifier->Send(Of(0));
  receiver->WaitForFirst();
  for (int i = 1; i <= 100; ++i) notifier->Send(Of(i));  // 1-3 wait
  EXPECT_EQ(notifier->counts().dropped, 97u);
  notifier->Send(Of(200, true));  // instead of 1
  notifier->Send(Of(201, true));
  notifier->Send(Of(202, true));
  notifier->Send(Of(203, true));  // all that wait are new: there is no room
  EXPECT_EQ(notifier->counts().dropped, 101u);
  EXPECT_EQ(notifier->counts().queued, 4u);
  receiver->Unblock();
  notifier->Drain(seconds(60));
  EXPECT_EQ(receiver->given, (std::vector<std::string>{"0", "200", "201", "202"}));
  EXPECT_EQ(notifier->counts().delivered + notifier->counts().dropped, 105u);
}

TEST(NotifierTest, TheQueueIsBoundedInBytes) {
  NotifierOptions options = Quick();
  options.queue_bytes = 1000;
  auto [notifier, receiver] = Make(options, true);
  notifier->Send(Of(0));
  receiver->WaitForFirst();
  for (int i = 1; i <= 5; ++i) notifier->Send({std::to_string(i), std::string(400, 'x'), false});
  EXPECT_EQ(notifier->counts().dropped, 3u);
  notifier->Send({"6", std::string(900, 'x'), true});
  EXPECT_EQ(notifier->counts().dropped, 5u);
  receiver->Unblock();
  notifier->Drain(seconds(60));
  EXPECT_EQ(receiver->given, (std::vector<std::string>{"0", "6"}));
}

TEST(NotifierTest, DrainIsBounded) {
  auto [notifier, receiver] = Make(Quick(), true);  // and stays blocked
  for (int i = 0; i < 10; ++i) notifier->Send(Of(i));
  receiver->WaitForFirst();
  notifier->Drain(milliseconds(20));
  EXPECT_EQ(notifier->counts().dropped, 10u);
  EXPECT_EQ(notifier->counts().queued, 0u);
  notifier->Send(Of(11));  // too late, and counted
  EXPECT_EQ(notifier->counts().dropped, 11u);
}

TEST(NotifierTest, ALongBackoffDoesNotHoldTheEnd) {
  NotifierOptions options = Quick();
  options.first_backoff = options.longest_backoff = std::chrono::hours(1);
  auto [notifier, receiver] = Make(options);
  receiver->script = [](const Notice&) -> Delivery { return {Outcome::kAgain, "down", {}}; };
  notifier->Send(Of(1));
  receiver->WaitForFirst();
  notifier->Drain(milliseconds(20));
  EXPECT_EQ(notifier->counts().dropped, 1u);
  EXPECT_EQ(receiver->given.size(), 1u);
}

TEST(NotifierTest, WithRealChildren) {
  const std::string path = Fresh("all");
  Notifier notifier(MakeExecReceiver("cat >>" + path, seconds(20)), Quick());
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    notifier.Send(Of(i));
    expected += Of(i).json + "\n";
  }
  notifier.Drain(seconds(60));
  EXPECT_EQ(Read(path), expected);
  EXPECT_EQ(notifier.counts().delivered, 20u);
  ExpectNoChildren();
}

}  // namespace
}  // namespace gainsay
