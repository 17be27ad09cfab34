#include "watch/open_tasks.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gainsay {
namespace {

constexpr size_t kNamed = 3;
constexpr int64_t kEver = std::numeric_limits<int64_t>::max();

bool Started(const EventStore::TaskEvents& task) {
  return std::any_of(task.events.begin(), task.events.end(),
                     [](const EventStore::Item* item) { return EventOf(*item).kind == RuleKind::kStart; });
}

}  // namespace

OpenTasks CountOpenTasks(const EventStore& store, int64_t silent_since_ns) {
  OpenTasks tasks;
  std::vector<std::pair<int64_t, std::string_view>> silent;  // the first few by time, then id
  for (const auto& [id, task] : store.tasks()) {
    if (id.empty() || task.events.empty() || !task.OpenAt(kEver)) continue;
    ++tasks.open;
    const int64_t last_ns = task.events.back()->first.time_ns;
    if (last_ns == kNoTime || last_ns >= silent_since_ns || !Started(task)) continue;
    ++tasks.stalled;
    silent.emplace_back(last_ns, id);
    std::sort(silent.begin(), silent.end());
    if (silent.size() > kNamed) silent.pop_back();
  }
  for (const auto& [last_ns, id] : silent) tasks.longest.emplace_back(id);
  return tasks;
}

}  // namespace gainsay
