#include "pipeline_notify.h"

#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace gainsay {

using std::chrono::milliseconds;

struct Notifier::State {
  std::unique_ptr<Receiver> receiver;
  NotifierOptions options;

  std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  std::deque<Notice> queue;
  size_t queued_bytes = 0;
  bool busy = false;  // a notice is under way, and no longer in the queue
  bool draining = false;
  DeliveryFigures counts;
  std::string problem;

  std::atomic<bool> stop = false;  // breaks off also what is under way
  std::thread thread;

  void Start();
  void Work();
  void Deliver(const Notice& notice, std::unique_lock<std::mutex>* lock);
  bool Pause(int attempt, milliseconds asked_for, std::unique_lock<std::mutex>* lock);
  bool MakeRoom(const Notice& notice);
};

// ---- On the notifier's thread ----------------------------------------------------------

void Notifier::State::Work() {
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    changed.wait(lock, [&] { return stop || draining || !queue.empty(); });
    if (stop || queue.empty()) return;
    const Notice notice = std::move(queue.front());
    queue.pop_front();
    queued_bytes -= notice.json.size();
    busy = true;
    Deliver(notice, &lock);
    busy = false;
    changed.notify_all();
  }
}

void Notifier::State::Deliver(const Notice& notice, std::unique_lock<std::mutex>* lock) {
  for (int attempt = 1;; ++attempt) {
    lock->unlock();
    const Delivery result = receiver->Deliver(notice, stop);
    lock->lock();
    if (result.outcome == Delivery::Outcome::kDelivered) {
      ++counts.delivered;
      return;
    }
    problem = result.why;
    if (result.outcome == Delivery::Outcome::kRefused || (attempt >= options.attempts && !stop)) {
      ++counts.failed;
      return;
    }
    if (!Pause(attempt, result.retry_after, lock)) {
      ++counts.dropped;
      return;
    }
    ++counts.retries;
  }
}

// False if the program ends first.
bool Notifier::State::Pause(int attempt, milliseconds asked_for, std::unique_lock<std::mutex>* lock) {
  milliseconds pause = options.first_backoff;
  for (int i = 1; i < attempt && pause < options.longest_backoff; ++i) pause *= 2;
  pause = std::max(std::min(pause, options.longest_backoff), asked_for);
  changed.wait_for(*lock, pause, [&] { return stop.load(); });
  return !stop;
}

// ---- On the caller's -------------------------------------------------------------------

// The program's signals are not for this thread; what a child closes too early is told by EPIPE.
void Notifier::State::Start() {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  thread = std::thread([this] { Work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

// False if this notice is the one to be dropped.
bool Notifier::State::MakeRoom(const Notice& notice) {
  while (!queue.empty() &&
         (queue.size() >= options.queue || queued_bytes + notice.json.size() > options.queue_bytes)) {
    const auto known = std::find_if(queue.begin(), queue.end(), [](const Notice& n) { return !n.new_cause; });
    if (!notice.new_cause || known == queue.end()) return false;
    queued_bytes -= known->json.size();
    queue.erase(known);
    ++counts.dropped;
  }
  return true;
}

Notifier::Notifier(std::unique_ptr<Receiver> receiver, const NotifierOptions& options)
    : state_(std::make_unique<State>()) {
  state_->receiver = std::move(receiver);
  state_->options = options;
  state_->counts.receiver = std::string(state_->receiver->name());
  state_->Start();
}

Notifier::~Notifier() { Drain(milliseconds(0)); }

void Notifier::Send(Notice notice) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  if (state_->stop || !state_->MakeRoom(notice)) {
    ++state_->counts.dropped;
    return;
  }
  state_->queued_bytes += notice.json.size();
  state_->queue.push_back(std::move(notice));
  state_->changed.notify_all();
}

void Notifier::Drain(milliseconds patience) {
  if (!state_->thread.joinable()) return;
  {
    std::unique_lock<std::mutex> lock(state_->mutex);
    state_->draining = true;
    state_->changed.notify_all();
    state_->changed.wait_for(lock, patience, [&] { return state_->queue.empty() && !state_->busy; });
    state_->stop = true;
    state_->changed.notify_all();
  }
  state_->thread.join();
  state_->counts.dropped += state_->queue.size();
  state_->queue.clear();
  state_->queued_bytes = 0;
}

DeliveryFigures Notifier::counts() const {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  DeliveryFigures counts = state_->counts;
  counts.queued = state_->queue.size() + (state_->busy ? 1 : 0);
  return counts;
}

std::string Notifier::TakeProblem() {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  return std::exchange(state_->problem, "");
}

}  // namespace gainsay
