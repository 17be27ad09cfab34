// How many tasks are open, and which of them have been silent for long: absence is a sign as well.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_WATCH_OPEN_TASKS_H_
#define GAINSAY_WATCH_OPEN_TASKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "watch/event_store.h"

namespace gainsay {

struct OpenTasks {
  uint64_t open = 0;     // started, or otherwise seen, and not ended
  uint64_t stalled = 0;  // of them those that started, and whose last event is older than `silent_since_ns`
  std::vector<std::string> longest;  // ids of those that are silent for longest, at most three
};

// `silent_since_ns` is event time; kNoTime: nobody is stalled. Looks at all tasks that are kept.
OpenTasks CountOpenTasks(const EventStore& store, int64_t silent_since_ns);

}  // namespace gainsay

#endif  // GAINSAY_WATCH_OPEN_TASKS_H_
