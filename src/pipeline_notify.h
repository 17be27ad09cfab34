// Gives findings to a receiver, on a thread of its own: however slow or dead the receiver is, Send returns at
// once.
//
//   Notifier notifier(MakeExecReceiver("notify-ops", timeout), {});
//   notifier.Send({finding_id, json, true});
//   notifier.Drain(std::chrono::seconds(5));     // at exit
//
// Thread rules: Send, Drain, counts and TakeProblem from one thread.
#ifndef GAINSAY_PIPELINE_NOTIFY_H_
#define GAINSAY_PIPELINE_NOTIFY_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "report/figures.h"
#include "watch/receiver.h"

namespace gainsay {

struct NotifierOptions {
  size_t queue =
      1000;  // notices that wait. Where it is full, one of a known cause is dropped before one of a new
  size_t queue_bytes = size_t{16} << 20;
  int attempts = 6;                               // for each notice, then it is given up
  std::chrono::milliseconds first_backoff{1000};  // doubles with each attempt
  std::chrono::milliseconds longest_backoff{60'000};
};

class Notifier {
 public:
  Notifier(std::unique_ptr<Receiver> receiver, const NotifierOptions& options);
  ~Notifier();  // ends at once: what waits is dropped, a delivery under way is broken off

  // Takes a notice in, or drops one, and counts it.
  void Send(Notice notice);

  // Waits until everything is delivered or given up, at most for `patience`; then ends the thread. What fails
  // now is not tried again later than that. What is left is counted as dropped.
  void Drain(std::chrono::milliseconds patience);

  DeliveryFigures counts() const;

  // What went wrong most lately, "" if nothing did since the last call: to be told once in a while.
  std::string TakeProblem();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_NOTIFY_H_
