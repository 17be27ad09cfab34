// Each regex is read into a tree (pattern_tree.h), and the tree walked into an automaton in which repetitions
// are unrolled, or made loops where there are too many. All automata are then run at once: a state of the
// search is the set of places that were reached in them, and which have come to their ends. States are made
// when a text first leads to them, under a lock; who only follows them needs none. Assertions are taken to
// hold, and a character outside ASCII for any other: the answer only has to be true of each match.
#include "record/pattern_heads.h"

#include <algorithm>
#include <bitset>
#include <map>
#include <mutex>
#include <utility>

#include "record/pattern_tree.h"

namespace gainsay {
namespace {

using Bytes = std::bitset<256>;
using Node = PatternNode;
using Kind = PatternNode::Kind;

constexpr size_t kMaxPlaces = 6000;  // of one pattern
constexpr size_t kMaxStates = 2048;  // 2 KiB each
constexpr int kUnroll = 32;          // repetitions that may be there or not

void AddRange(int first, int last, Bytes* bytes) {
  for (int c = first; c <= last; ++c) bytes->set(static_cast<size_t>(c));
}

void SortOut(std::vector<uint32_t>* numbers) {
  std::sort(numbers->begin(), numbers->end());
  numbers->erase(std::unique(numbers->begin(), numbers->end()), numbers->end());
}

struct Place {
  Bytes bytes;                   // on the way to `next`; none: nothing is read on it
  uint32_t next = 0, other = 0;  // `other`: a second way, if nothing is read; 0: none
  uint32_t end_of = 0;           // 1 + the pattern that ends here
};

}  // namespace

class PatternHeads::Builder {
 public:
  void Add(std::string pattern) { patterns_.push_back(std::move(pattern)); }
  const State* Begin();
  // Null if there are too many states.
  const State* Step(const State* from, unsigned char byte);
  void LookAt(const State& state, size_t at, unsigned char byte, TextLook* look) const;
  std::mutex mutex;

 private:
  using Key = std::pair<std::vector<uint32_t>, std::vector<uint32_t>>;  // open, found

  const State* StateOf(const std::vector<uint32_t>& from, const std::vector<uint32_t>& found);
  uint32_t AddPlace(Place place) {
    places_.push_back(place);
    return static_cast<uint32_t>(places_.size() - 1);
  }
  bool too_large() const { return places_.size() > first_ + kMaxPlaces; }
  void AddPattern(uint32_t number, const std::string& pattern);
  // The place from which `node` and then `next` is read.
  uint32_t Add(const Node& node, uint32_t next);
  uint32_t AddChar(const Node& node, uint32_t next);
  uint32_t AddRepeat(const Node& node, uint32_t next);
  uint32_t AddEither(const Node& node, uint32_t next);
  void Reach(uint32_t from, std::vector<uint32_t>* open, std::vector<uint32_t>* found);

  std::vector<std::string> patterns_;
  std::vector<Place> places_ = {Place{}};  // the first is none
  size_t first_ = 0;                       // place of the pattern that is being added
  std::vector<uint32_t> pattern_of_;       // by place
  std::vector<uint32_t> begins_, always_;
  std::vector<uint32_t> seen_;  // by place: the round in which it was reached
  uint32_t round_ = 0;
  std::map<Key, State> states_;
};

const PatternHeads::State* PatternHeads::Builder::Begin() {
  if (states_.empty()) {
    for (uint32_t number = 0; number < patterns_.size(); ++number) AddPattern(number, patterns_[number]);
    seen_.assign(places_.size(), 0);
  }
  return StateOf(begins_, always_);
}

void PatternHeads::Builder::AddPattern(uint32_t number, const std::string& pattern) {
  const PatternTree tree = ReadPattern(pattern);
  first_ = places_.size();
  uint32_t begin = 0;
  if (tree.root && IsAnchored(*tree.root)) {
    Place end;
    end.end_of = number + 1;
    begin = Add(*tree.root, AddPlace(end));
  }
  if (begin == 0 || too_large()) {
    places_.resize(first_);
    always_.push_back(number);
  } else {
    begins_.push_back(begin);
  }
  pattern_of_.resize(places_.size(), number);
}

uint32_t PatternHeads::Builder::AddChar(const Node& node, uint32_t next) {
  Bytes bytes = node.bytes;
  if (node.beyond != BeyondAscii::kNone) {
    AddRange(0x80, 0xFF, &bytes);
    Bytes more;
    AddRange(0x80, 0xBF, &more);
    const uint32_t loop = AddPlace({});
    const uint32_t body = AddPlace({more, loop});
    places_[loop].next = body;
    places_[loop].other = next;
    next = loop;
  }
  return AddPlace({bytes, next});
}

uint32_t PatternHeads::Builder::AddRepeat(const Node& node, uint32_t next) {
  const Node& part = *node.parts[0];
  uint32_t place = next;
  if (node.most < 0 || node.most - node.least > kUnroll) {
    place = AddPlace({{}, next});
    const uint32_t body = Add(part, place);
    places_[place].other = body;
  } else {
    for (int i = node.least; i < node.most && !too_large(); ++i) {
      const uint32_t body = Add(part, place);
      place = AddPlace({{}, next, body});
    }
  }
  for (int i = 0; i < node.least && !too_large(); ++i) place = Add(part, place);
  return place;
}

uint32_t PatternHeads::Builder::AddEither(const Node& node, uint32_t next) {
  uint32_t either = Add(*node.parts[0], next);
  for (size_t i = 1; i < node.parts.size(); ++i) {
    const uint32_t part = Add(*node.parts[i], next);
    either = AddPlace({{}, either, part});
  }
  return either;
}

uint32_t PatternHeads::Builder::Add(const Node& node, uint32_t next) {
  if (too_large()) return next;
  switch (node.kind) {
    case Kind::kChar:
      return AddChar(node, next);
    case Kind::kRepeat:
      return AddRepeat(node, next);
    case Kind::kConcat:
    case Kind::kGroup:
      for (size_t i = node.parts.size(); i-- > 0;) next = Add(*node.parts[i], next);
      return next;
    case Kind::kEither:
      return AddEither(node, next);
    default:
      return next;
  }
}

// Adds the places that read something, and the patterns that end, reached without reading.
void PatternHeads::Builder::Reach(uint32_t from, std::vector<uint32_t>* open, std::vector<uint32_t>* found) {
  std::vector<uint32_t> way = {from};
  while (!way.empty()) {
    const uint32_t at = way.back();
    way.pop_back();
    if (std::exchange(seen_[at], round_) == round_) continue;
    const Place& place = places_[at];
    if (place.end_of != 0) {
      found->push_back(place.end_of - 1);
    } else if (place.bytes.any()) {
      open->push_back(at);
    } else {
      if (place.next != 0) way.push_back(place.next);
      if (place.other != 0) way.push_back(place.other);
    }
  }
}

// The state in which these places are reached, and what they lead to without reading.
const PatternHeads::State* PatternHeads::Builder::StateOf(const std::vector<uint32_t>& from,
                                                          const std::vector<uint32_t>& found_before) {
  std::vector<uint32_t> open, found = found_before;
  ++round_;
  for (const uint32_t place : from) Reach(place, &open, &found);
  std::sort(open.begin(), open.end());
  SortOut(&found);
  // What has been found need not be found again.
  std::erase_if(open, [&](uint32_t place) {
    return std::binary_search(found.begin(), found.end(), pattern_of_[place]);
  });
  Key key(std::move(open), std::move(found));
  const auto known = states_.find(key);
  if (known != states_.end()) return &known->second;
  if (states_.size() >= kMaxStates) return nullptr;
  const auto [at, added] = states_.try_emplace(std::move(key));
  State& state = at->second;
  state.open = &at->first.first;
  state.found = &at->first.second;
  state.is_last = state.open->empty();
  state.begun = *state.found;
  for (const uint32_t place : *state.open) state.begun.push_back(pattern_of_[place]);
  SortOut(&state.begun);
  return &state;
}

const PatternHeads::State* PatternHeads::Builder::Step(const State* from, unsigned char byte) {
  std::vector<uint32_t> next;
  for (const uint32_t place : *from->open) {
    if (places_[place].bytes[byte]) next.push_back(places_[place].next);
  }
  return StateOf(next, *from->found);
}

void PatternHeads::Builder::LookAt(const State& state, size_t at, unsigned char byte, TextLook* look) const {
  const auto known = std::find_if(state.alike.begin(), state.alike.end(),
                                  [byte](const Bytes& bytes) { return bytes[byte]; });
  if (known != state.alike.end()) return look->At(at, byte, *known);
  Bytes alike;
  alike.set();
  for (const uint32_t place : *state.open) {
    alike &= places_[place].bytes[byte] ? places_[place].bytes : ~places_[place].bytes;
  }
  state.alike.push_back(alike);
  look->At(at, byte, alike);
}

PatternHeads::PatternHeads() : builder_(std::make_unique<Builder>()) {}
PatternHeads::~PatternHeads() = default;

void PatternHeads::Add(std::string pattern) { builder_->Add(std::move(pattern)); }

const PatternHeads::State* PatternHeads::Begin() const {
  const std::lock_guard<std::mutex> lock(builder_->mutex);
  const State* begin = builder_->Begin();
  begin_.store(begin, std::memory_order_release);
  return begin;
}

const PatternHeads::State* PatternHeads::Step(const State* from, unsigned char byte) const {
  if (is_full_.load(std::memory_order_relaxed)) return nullptr;
  const std::lock_guard<std::mutex> lock(builder_->mutex);
  const State* to = builder_->Step(from, byte);
  if (to != nullptr) {
    from->next[byte].store(to, std::memory_order_release);
  } else {
    is_full_.store(true, std::memory_order_relaxed);
  }
  return to;
}

const std::vector<uint32_t>& PatternHeads::FindEarly(std::string_view text, size_t most,
                                                     TextLook* look) const {
  const State* state = begin_.load(std::memory_order_acquire);
  if (state == nullptr) state = Begin();
  for (size_t at = 0; at < std::min(most, text.size()) && !state->is_last; ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const State* next = state->next[byte].load(std::memory_order_acquire);
    if (next == nullptr && (next = Step(state, byte)) == nullptr) break;
    const std::lock_guard<std::mutex> lock(builder_->mutex);
    builder_->LookAt(*state, at, byte, look);
    state = next;
  }
  return state->begun;
}

}  // namespace gainsay
