// The regex is read into a tree (those parts of RE2's language that patterns of log lines are made of;
// anything else is given up), and the tree walked into an automaton in which all repetitions are unrolled as
// far as matters. What may stand at a place are then the bytes on all ways out of the states that can be
// reached there. Assertions are taken to hold, and a character outside ASCII for any other: the answer only
// has to be true of each match.
#include "record/pattern_heads.h"

#include <algorithm>
#include <bitset>
#include <memory>
#include <utility>

#include "record/pattern_tree.h"

namespace gainsay {
namespace {

using Bytes = std::bitset<256>;

constexpr size_t kMaxStates = 6000;

using Node = PatternNode;

void AddRange(int first, int last, Bytes* bytes) {
  for (int c = first; c <= last; ++c) bytes->set(static_cast<size_t>(c));
}

class Automaton {
 public:
  static constexpr size_t kAccept = 0;

  explicit Automaton(size_t unroll) : unroll_(static_cast<int>(unroll)) { states_.emplace_back(); }

  // The state from which `node` and then `next` is read.
  size_t Add(const Node& node, size_t next);
  bool too_large() const { return states_.size() > kMaxStates; }
  std::vector<Bytes> Walk(size_t start, size_t bytes);

 private:
  struct State {
    Bytes bytes;                 // on the way to `next`; none: nothing is read on it
    size_t next = 0, other = 0;  // `other`: a second way, if nothing is read; 0: none
  };

  size_t AddState(State state) {
    states_.push_back(state);
    return states_.size() - 1;
  }
  size_t AddChar(const Node& node, size_t next);
  size_t AddRepeat(const Node& node, size_t next);
  void Reach(size_t state, std::vector<size_t>* reached);

  const int unroll_;
  std::vector<State> states_;
  std::vector<size_t> seen_;  // by state: the round in which it was reached
  size_t round_ = 0;
};

size_t Automaton::AddChar(const Node& node, size_t next) {
  Bytes bytes = node.bytes;
  if (node.beyond_ascii) {
    AddRange(0x80, 0xFF, &bytes);
    Bytes more;
    AddRange(0x80, 0xBF, &more);
    const size_t loop = AddState({});
    states_[loop].next = AddState({more, loop, 0});
    states_[loop].other = next;
    // Accept is no other way, since its number is 0.
    if (next == kAccept) states_[loop].other = AddState({{}, kAccept, 0});
    next = loop;
  }
  return AddState({bytes, next, 0});
}

size_t Automaton::AddRepeat(const Node& node, size_t next) {
  const Node& part = *node.parts[0];
  const size_t out = AddState({{}, next, 0});
  size_t state = out;
  if (node.most < 0 || node.most - node.least > unroll_) {
    state = AddState({{}, out, 0});
    const size_t body = Add(part, state);
    states_[state].other = body;
  } else {
    for (int i = node.least; i < node.most && !too_large(); ++i) {
      const size_t body = Add(part, state);
      state = AddState({{}, out, body});
    }
  }
  for (int i = 0; i < std::min(node.least, unroll_) && !too_large(); ++i) state = Add(part, state);
  return state;
}

size_t Automaton::Add(const Node& node, size_t next) {
  if (too_large()) return next;
  switch (node.kind) {
    case Node::Kind::kChar:
      return AddChar(node, next);
    case Node::Kind::kRepeat:
      return AddRepeat(node, next);
    case Node::Kind::kConcat:
      for (size_t i = node.parts.size(); i-- > 0;) next = Add(*node.parts[i], next);
      return next;
    case Node::Kind::kEither: {
      size_t either = Add(*node.parts[0], next);
      either = AddState({{}, either, 0});
      for (size_t i = 1; i < node.parts.size(); ++i) {
        size_t part = Add(*node.parts[i], next);
        part = AddState({{}, part, 0});
        either = AddState({{}, either, part});
      }
      return either;
    }
    case Node::Kind::kBegin:
    case Node::Kind::kNothing:
      return next;
  }
  return next;
}

// Adds the states that read something (or accept), reached without reading.
void Automaton::Reach(size_t state, std::vector<size_t>* reached) {
  std::vector<size_t> open = {state};
  while (!open.empty()) {
    const size_t at = open.back();
    open.pop_back();
    if (std::exchange(seen_[at], round_) == round_) continue;
    if (at == kAccept || states_[at].bytes.any()) {
      reached->push_back(at);
      continue;
    }
    open.push_back(states_[at].next);
    if (states_[at].other != 0) open.push_back(states_[at].other);
  }
}

std::vector<Bytes> Automaton::Walk(size_t start, size_t bytes) {
  std::vector<Bytes> head;
  std::vector<size_t> here, there;
  seen_.assign(states_.size(), 0);
  ++round_;
  Reach(start, &here);
  while (head.size() < bytes && std::find(here.begin(), here.end(), kAccept) == here.end()) {
    Bytes any;
    there.clear();
    ++round_;
    for (const size_t state : here) {
      any |= states_[state].bytes;
      Reach(states_[state].next, &there);
    }
    head.push_back(any);
    std::swap(here, there);
  }
  return head;
}

}  // namespace

std::string HeadOf(std::string_view pattern, size_t places) {
  const std::unique_ptr<Node> node = ReadPattern(pattern);
  if (!node || !IsAnchored(*node)) return "";
  Automaton automaton(places);
  const size_t start = automaton.Add(*node, Automaton::kAccept);
  if (automaton.too_large()) return "";
  std::string head;
  for (const Bytes& bytes : automaton.Walk(start, places)) {
    const size_t begin = head.size();
    head.append(kHeadBytes, '\0');
    for (size_t c = 0; c < 256; ++c) {
      if (bytes[c])
        head[begin + std::min(c / 8, kHeadBytes - 1)] |= static_cast<char>(c < 128 ? 1 << c % 8 : 1);
    }
  }
  return head;
}

void PatternHeads::Add(std::string_view head) {
  const size_t number = size_++;
  if (number >= kMaxPatterns) return;
  const uint64_t bit = uint64_t{1} << number % 64;
  all_[number / 64] |= bit;
  for (size_t place = 0; place < kPlaces && !head.empty(); ++place, head.remove_prefix(kHeadBytes)) {
    Numbers* excluded = &excluded_[place * kSymbols];
    for (size_t symbol = 0; symbol <= kOther; ++symbol) {
      if ((head[symbol / 8] >> symbol % 8 & 1) == 0) excluded[symbol][number / 64] |= bit;
    }
    excluded[kEnd][number / 64] |= bit;
  }
}

}  // namespace gainsay
