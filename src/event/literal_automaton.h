// Which of thousands of texts stand in a line, whatever their case? One step a byte (Aho and Corasick),
// however many they are: for lines that a search (literal_search.h) with fewer texts has let through.
//
// Immutable after construction: share it.
#ifndef GAINSAY_EVENT_LITERAL_AUTOMATON_H_
#define GAINSAY_EVENT_LITERAL_AUTOMATON_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event/literal_kernel.h"

namespace gainsay {

class LiteralAutomaton {
 public:
  explicit LiteralAutomaton(const std::vector<std::string>& literals);

  // Calls `visit(literal, begin)` for each place in `text` where a literal stands, in the order of their
  // ends, until it says true; whether it did. Bytes of one class (literal_kernel.h) are taken for one
  // another.
  template <typename Visit>
  bool Find(std::string_view text, Visit visit) const {
    uint32_t state = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      state = next_[(state & ~kEnds) + class_of_[static_cast<unsigned char>(text[i])]];
      if ((state & kEnds) == 0) continue;
      for (uint32_t end = ends_[state / kClasses]; end != kNone; end = literals_[end].shorter) {
        if (visit(end, i + 1 - literals_[end].size)) return true;
      }
    }
    return false;
  }

 private:
  // A state is kClasses times its number, and kEnds if a literal ends there.
  static constexpr uint32_t kClasses = 64, kEnds = 1, kNone = UINT32_MAX;
  struct Literal {
    uint32_t size = 0;
    uint32_t shorter = kNone;  // the next literal that ends where this one does
  };

  uint32_t AddState();
  void AddLiteral(std::string_view text, uint32_t index);
  void Link();
  void Sort(const std::vector<uint32_t>& order);

  std::array<uint8_t, 256> class_of_;
  std::vector<uint32_t> next_;  // by state and class
  std::vector<uint32_t> ends_;  // by number of the state: the longest literal that ends there
  std::vector<Literal> literals_;
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LITERAL_AUTOMATON_H_
