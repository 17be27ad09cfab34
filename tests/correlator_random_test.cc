// The correlator and its slow twin on random sequences of events, and what must not change an answer.
// GAINSAY_SEED=N runs one seed only.
#include <cstdlib>
#include <functional>

#include "correlator_answer.h"
#include "gtest/gtest.h"
#include "random_events.h"

namespace gainsay {
namespace {

using tiny::Generator;

// Drops events one by one as long as the two still differ.
Sequence Minimised(Sequence sequence, const std::function<bool(const Sequence&)>& agree) {
  for (size_t i = 0; i < sequence.events.size();) {
    Sequence smaller = sequence;
    smaller.events.erase(smaller.events.begin() + static_cast<std::ptrdiff_t>(i));
    tiny::Number(&smaller.events);
    const bool differs = !agree(smaller);
    if (differs) sequence = std::move(smaller);
    i = differs ? 0 : i + 1;
  }
  return sequence;
}

std::string Difference(const Sequence& sequence, uint64_t shuffle_seed) {
  const Answer answer = Ask(sequence, shuffle_seed), twin = AskTwin(sequence);
  std::string text = "\n  " + tiny::ToText(sequence) + "\nthe correlator:";
  for (const std::string& line : answer.details) text += "\n  " + line;
  text += "\nits twin:";
  for (const std::string& line : twin.details) text += "\n  " + line;
  if (answer.details == twin.details) text += "\nand the order of the runs differs: " + answer.Text();
  return text;
}

// Arrival in any order is part of it: each sequence is added shuffled.
TEST(CorrelatorRandom, EqualsItsSlowTwin) {
  constexpr uint64_t kSeeds = 100;
  constexpr int kSequences = 1000;
  const char* one_seed = std::getenv("GAINSAY_SEED");
  const uint64_t first = one_seed != nullptr ? std::strtoull(one_seed, nullptr, 10) : 1;
  const uint64_t last = one_seed != nullptr ? first : kSeeds;
  for (uint64_t seed = first; seed <= last; ++seed) {
    Generator generator(seed);
    for (int i = 0; i < kSequences; ++i) {
      const Sequence sequence = generator.Next();
      const auto shuffle_seed = static_cast<uint64_t>(i);
      auto agree = [shuffle_seed](const Sequence& s) { return Agree(s, shuffle_seed); };
      if (agree(sequence)) continue;
      FAIL() << "seed " << seed << ", sequence " << i << ": GAINSAY_SEED=" << seed
             << Difference(Minimised(sequence, agree), shuffle_seed);
    }
  }
}

TEST(CorrelatorRandom, AnyOrderOfArrivalGivesTheSame) {
  Generator generator(1);
  for (int i = 0; i < 2000; ++i) {
    const Sequence sequence = generator.Next();
    const Answer answer = Ask(sequence);
    for (uint64_t seed = 1; seed <= 10; ++seed) {
      EXPECT_EQ(Ask(sequence, seed).details, answer.details) << tiny::ToText(sequence);
      EXPECT_EQ(Ask(sequence, seed).order, answer.order) << tiny::ToText(sequence);
    }
  }
}

// Where no clock goes back, and no source is the lane of records that name none, it does not matter which
// source an event stands in.
TEST(CorrelatorRandom, AnySplitOverSourcesGivesTheSame) {
  Generator generator(2);
  for (int i = 0; i < 2000; ++i) {
    Sequence sequence = generator.Next(false);
    sequence.cut_sources.clear();
    const Answer answer = Ask(sequence);
    for (int split = 0; split < 10; ++split) {
      for (Event& e : sequence.events) e.position.source = static_cast<uint32_t>(generator.Below(4));
      Generator::SortSources(&sequence.events);
      const Answer again = Ask(sequence, static_cast<uint64_t>(split));
      EXPECT_EQ(again.details, answer.details) << tiny::ToText(sequence);
      EXPECT_EQ(again.order, answer.order) << tiny::ToText(sequence);
    }
  }
}

TEST(CorrelatorRandom, TinyTextComesBack) {
  Generator generator(1);
  for (int i = 0; i < 500; ++i) {
    const std::string text = tiny::ToText(generator.Next());
    EXPECT_EQ(tiny::ToText(tiny::Parse(text)), text);
  }
}

}  // namespace
}  // namespace gainsay
