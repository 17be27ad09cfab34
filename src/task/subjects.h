// What tasks work on: the documents, rows and keys that a task's own lifecycle records (arguments,
// result, name) or its mentions name. Other numbers are no subjects.
#ifndef GAINSAY_TASK_SUBJECTS_H_
#define GAINSAY_TASK_SUBJECTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "event/event.h"

namespace gainsay {

// The tokens of a text that may name an entity: they hold a digit, have at least three characters, and are no
// decimals, times or versions ("46927", "SKU-1042"; not "0.0291", "23:19:02").
std::vector<std::string_view> SubjectTokens(std::string_view text);

// "77686" of "k77686" or "user:77686": a key's number, "" if it has none behind its letters.
std::string_view NumberBehindLetters(std::string_view token);

// "74054" of "reindex-74054": an id's last part, where the others are words; "" else.
std::string_view NumberBehindWords(std::string_view token);

class Subjects {
 public:
  // Only what is asked for is learned: the token, and all that a text holds.
  void Ask(std::string_view token);
  void AskAll(std::string_view text);
  bool any_asked() const { return !tasks_.empty(); }

  // Learns what the task's event names.
  void Learn(uint32_t task, const Event& event);
  void LearnSubject(uint32_t task, std::string_view subject);

  // The tasks that name the token, ascending; empty if none does, or so many that it names nothing.
  const std::vector<uint32_t>& TasksOf(std::string_view token) const;

 private:
  static constexpr size_t kTooCommon = 4096;
  void LearnToken(uint32_t task, std::string_view token, std::string_view id);

  absl::flat_hash_map<std::string, std::vector<uint32_t>> tasks_;  // by what is asked for
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_SUBJECTS_H_
