// The literals are first put into a trie; then, level by level, each state gets the steps of the longest
// proper end of its text that is a state itself, except where it has its own.
#include "event/literal_automaton.h"

#include <algorithm>
#include <utility>

namespace gainsay {

LiteralAutomaton::LiteralAutomaton(const std::vector<std::string>& literals) : literals_(literals.size()) {
  for (size_t c = 0; c < 256; ++c) class_of_[c] = ClassOf(static_cast<char>(c));
  AddState();
  for (uint32_t i = 0; i < literals.size(); ++i) AddLiteral(literals[i], i);
  Link();
}

uint32_t LiteralAutomaton::AddState() {
  const auto state = static_cast<uint32_t>(next_.size());
  next_.resize(next_.size() + kClasses, kNone);
  ends_.push_back(kNone);
  return state;
}

void LiteralAutomaton::AddLiteral(std::string_view text, uint32_t index) {
  uint32_t state = 0;
  for (const char c : text) {
    const size_t at = state + ClassOf(c);
    if (next_[at] == kNone) {
      const uint32_t added = AddState();
      next_[at] = added;
    }
    state = next_[at];
  }
  literals_[index].size = static_cast<uint32_t>(text.size());
  // Two literals of the same classes end in one state.
  literals_[index].shorter = ends_[state / kClasses];
  ends_[state / kClasses] = index;
}

void LiteralAutomaton::Link() {
  std::vector<uint32_t> fallback(ends_.size(), 0);
  std::vector<uint32_t> queue = {0};
  for (size_t first = 0; first < queue.size(); ++first) {
    const uint32_t state = queue[first], other = fallback[state / kClasses];
    for (uint32_t c = 0; c < kClasses; ++c) {
      uint32_t& step = next_[state + c];
      const uint32_t from_other = state == 0 ? 0 : next_[other + c] & ~kEnds;
      if (step == kNone) {
        step = from_other;
      } else {
        fallback[step / kClasses] = from_other;
        queue.push_back(step);
      }
    }
    if (state == 0) continue;
    // The fallback is nearer to the root, so its own list is complete.
    uint32_t* last = &ends_[state / kClasses];
    while (*last != kNone) last = &literals_[*last].shorter;
    *last = ends_[other / kClasses];
  }
  for (uint32_t& step : next_) {
    if (ends_[step / kClasses] != kNone) step |= kEnds;
  }
  Sort(queue);
}

// Puts the states into this order: those near the root, where a search mostly is, come to lie side by side.
void LiteralAutomaton::Sort(const std::vector<uint32_t>& order) {
  std::vector<uint32_t> place(order.size()), next, ends;
  for (uint32_t i = 0; i < order.size(); ++i) place[order[i] / kClasses] = i * kClasses;
  next.reserve(next_.size());
  ends.reserve(ends_.size());
  for (const uint32_t state : order) {
    for (uint32_t c = 0; c < kClasses; ++c) {
      const uint32_t step = next_[state + c];
      next.push_back(place[step / kClasses] | (step & kEnds));
    }
    ends.push_back(ends_[state / kClasses]);
  }
  next_ = std::move(next);
  ends_ = std::move(ends);
}

}  // namespace gainsay
