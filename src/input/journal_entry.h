// An entry of the journal on its way to be a line of JSON. For journal.cc.
#ifndef GAINSAY_INPUT_JOURNAL_ENTRY_H_
#define GAINSAY_INPUT_JOURNAL_ENTRY_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gainsay {

// Puts fields together as `journalctl -o json -a` does: a text as a string, bytes that are none as an array
// of numbers, the values of a field that is there several times as an array of these.
class JournalEntry {
 public:
  void Clear() { fields_.clear(); }
  // Copies. Fields keep the order in which they came first.
  void Add(std::string_view name, std::string_view value);
  // With a newline.
  void AppendLine(std::string* out) const;

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> fields_;
};

}  // namespace gainsay

#endif  // GAINSAY_INPUT_JOURNAL_ENTRY_H_
