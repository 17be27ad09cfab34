// What the words of a message say, cause and all, and that said once: an application writes the same few
// messages, but for the numbers and ids in them.
//
//   JudgedMessages judged;
//   judged.Of(message, cause_begin)  // as JudgeMessage(message, cause_begin), but sooner
//
// Thread rules: JudgedMessages belongs to one thread; else free functions without state.
#ifndef GAINSAY_EVENT_JUDGED_MESSAGE_H_
#define GAINSAY_EVENT_JUDGED_MESSAGE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "event/operation.h"

namespace gainsay {

struct JudgedMessage {
  std::string_view operation;  // OperationText()
  Judgement judgement;         // of that, and of the whole message where that counts
};

// `cause_begin`: where a recognised cause begins; npos if none does.
JudgedMessage JudgeMessage(std::string_view message, size_t cause_begin);

class JudgedMessages {
 public:
  JudgedMessage Of(std::string_view message, size_t cause_begin);

 private:
  static constexpr size_t kMaxText = 512, kMost = 1024;

  // What is said of a message.
  struct Known {
    size_t operation_begin = 0, operation_size = 0;
    Judgement judgement;
  };

  // By the message, the values left out, and where its cause begins. Forgotten when there are too many.
  absl::flat_hash_map<std::string, Known> known_;
  std::string key_;
};

// Writes `message` to `out`, as many bytes, without the values of its numbers and ids. What JudgeMessage says
// of it is the same, where no cause begins within one of these.
void WithoutValues(std::string_view message, char* out);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_JUDGED_MESSAGE_H_
