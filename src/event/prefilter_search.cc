// Of the conditions of a need one is enough to look for. The rarest in a sample of the log is taken.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "event/prefilter.h"

namespace gainsay {
namespace {

// Of a sample, as much is searched for hundreds of texts one by one.
constexpr size_t kCountedBytes = size_t{8} << 10;

// What searching for the texts of a condition costs: how often they stand in `sample` (and in `lower`, the
// same in lower case), and how often the search takes something else for them, which is the likelier the
// shorter they are.
double SearchCost(std::string_view sample, std::string_view lower, const Prefilter::Condition& condition) {
  const std::string_view text = condition.exact ? sample : lower;
  double cost = 0;
  for (const std::string& literal : condition.any) {
    for (size_t at = text.find(literal); at != std::string_view::npos; at = text.find(literal, at + 1)) {
      cost += !condition.words || Prefilter::IsWord(condition, sample, at, literal.size()) ? 1 : 0.1;
    }
    cost += literal.size() >= 8 ? 0.25 : literal.size() >= 6 ? 1 : literal.size() >= 5 ? 4 : 24;
  }
  return cost;
}

}  // namespace

PrefilterSearch::PrefilterSearch(const Prefilter& prefilter, std::string_view sample)
    : prefilter_(&prefilter) {
  const std::string_view counted = sample.substr(0, kCountedBytes);
  std::string lower(counted);
  absl::AsciiStrToLower(&lower);
  for (const Prefilter::Need& need : prefilter.needs()) AddNeed(need, Meaning::kNeeded, counted, lower);
  for (const Prefilter::Need& need : prefilter.level_formats()) {
    AddNeed(need, Meaning::kLevelFormat, counted, lower);
  }
  for (const std::string& guard : Prefilter::Guards()) texts_.Add(guard, {Meaning::kGuard});
  for (const std::string& guard : Prefilter::LevelGuards()) texts_.Add(guard, {Meaning::kLevelGuard});
  for (const std::string& guard : Prefilter::DigitGuards()) texts_.Add(guard, {Meaning::kDigitGuard});
  texts_.Add("\\u00", {Meaning::kEscape});
  for (const std::string& word : prefilter.level_words()) texts_.Add(word, {Meaning::kLevelWord});
  for (const std::string& part : prefilter.level_key_parts()) texts_.Add(part, {Meaning::kLevelKey});
  search_ = std::make_unique<LiteralSearch>(texts_.literals, sample);
  errors_ = std::make_unique<LiteralAutomaton>(error_texts_.literals);
}

void PrefilterSearch::AddNeed(const Prefilter::Need& need, Meaning meaning, std::string_view sample,
                              std::string_view lower) {
  const auto rarest = std::min_element(need.all.begin(), need.all.end(), [&](const auto& a, const auto& b) {
    return SearchCost(sample, lower, a) < SearchCost(sample, lower, b);
  });
  for (const std::string& text : rarest->any) {
    // Of words, those that others are part of.
    const bool covered =
        rarest->words && std::any_of(rarest->any.begin(), rarest->any.end(), [&](const auto& other) {
          return other.size() < text.size() && text.find(other) != std::string::npos;
        });
    if (!covered) (need.asks_level ? error_texts_ : texts_).Add(text, {meaning, &need, &*rarest});
  }
}

void PrefilterSearch::Texts::Add(std::string_view text, const Use& use) {
  std::string literal(text);
  absl::AsciiStrToLower(&literal);
  const auto [known, is_new] = index.try_emplace(literal, static_cast<uint32_t>(literals.size()));
  if (is_new) {
    literals.push_back(std::move(literal));
    uses.emplace_back();
  }
  uses[known->second].push_back(use);
}

}  // namespace gainsay
