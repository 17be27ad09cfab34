// What a task that is asked about might have been given, and was not.
#ifndef GAINSAY_TASK_WITNESS_H_
#define GAINSAY_TASK_WITNESS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "task/lanes.h"
#include "task/story.h"
#include "task/task_table.h"

namespace gainsay {

class Witness {
 public:
  // `id`: of the task, "" if none is asked about.
  explicit Witness(std::string_view id) : id_(id) {}
  bool asked() const { return !id_.empty(); }

  // Has the lanes follow the tasks of that id.
  void Follow(const TaskTable& table, Lanes* lanes);
  const std::vector<uint32_t>& followed() const { return followed_; }  // ascending

  // A write error or resolution was given to a task, or to none. `candidates`: the tasks that it could not be
  // decided between.
  struct Given {
    const Event* event;
    uint64_t order;
    std::optional<uint32_t> task;
    const std::vector<uint32_t>& candidates;
  };
  using IdOf = std::function<std::string_view(uint32_t task)>;
  void See(const Given& given, const IdOf& id_of, Lanes* lanes);

  std::vector<HeldBack> held_back;
  uint64_t more_held_back = 0;

 private:
  bool IsFollowed(uint32_t task) const;

  const std::string_view id_;
  std::vector<uint32_t> followed_;
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_WITNESS_H_
