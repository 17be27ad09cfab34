// Signals as orders to a watch: a handler only notes them down and makes a descriptor readable, so that
// whoever waits for input wakes up.
#ifndef GAINSAY_ANALYZER_SIGNALS_H_
#define GAINSAY_ANALYZER_SIGNALS_H_

#include "pipeline_live.h"

namespace gainsay {

// SIGTERM and SIGINT stop, SIGHUP reloads the rules, SIGUSR1 dumps open tasks. One a process, for good.
class Signals {
 public:
  Signals();
  int wake_fd() const;
  // The next order, kNone if there is none. What stops comes first.
  WatchOrder Take();
};

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_SIGNALS_H_
