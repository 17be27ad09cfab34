// Ids of traces and requests, and the task that each is tied to: that of the events that bear it.
#ifndef GAINSAY_TASK_TRACES_H_
#define GAINSAY_TASK_TRACES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace gainsay {

class Traces {
 public:
  // Only what is asked for is learned.
  void Ask(std::string_view trace) {
    if (!trace.empty()) tasks_.try_emplace(Key(trace));
  }
  bool IsAsked(std::string_view trace) const { return !trace.empty() && tasks_.contains(Key(trace)); }

  // An event of that task bears the id.
  void Learn(std::string_view trace, uint32_t task) {
    Tied& tied = tasks_.at(Key(trace));
    tied.to_several = tied.to_several || (tied.task && *tied.task != task);
    tied.task = task;
  }

  // The only task that it is tied to.
  std::optional<uint32_t> TaskOf(std::string_view trace) const {
    const auto found = tasks_.find(Key(trace));
    return trace.empty() || found == tasks_.end() || found->second.to_several ? std::nullopt
                                                                              : found->second.task;
  }

 private:
  struct Tied {
    std::optional<uint32_t> task;
    bool to_several = false;
  };
  static absl::string_view Key(std::string_view text) { return {text.data(), text.size()}; }

  absl::flat_hash_map<std::string, Tied> tasks_;
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_TRACES_H_
