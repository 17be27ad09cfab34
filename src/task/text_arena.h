// Texts that are kept together, and go together.
#ifndef GAINSAY_TASK_TEXT_ARENA_H_
#define GAINSAY_TASK_TEXT_ARENA_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace gainsay {

// They stay where they are until all go.
class TextArena {
 public:
  std::string_view Keep(std::string_view text);

 private:
  static constexpr size_t kBlock = size_t{1} << 16;
  std::vector<std::unique_ptr<char[]>> blocks_;
  size_t left_ = 0;  // in the last one
  char* next_ = nullptr;
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_TEXT_ARENA_H_
