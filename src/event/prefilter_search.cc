// Of the conditions of a need one is enough to look for. The rarest in a sample of the log is taken.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "event/prefilter_scan.h"

namespace gainsay {
namespace {

// Of a sample, as much is searched for hundreds of texts one by one.
constexpr size_t kCountedBytes = size_t{8} << 10;

// How often the texts of a condition stand in `sample` (and in `lower`, the same in lower case).
double CountIn(std::string_view sample, std::string_view lower, const Prefilter::Condition& condition) {
  const std::string_view text = condition.exact ? sample : lower;
  double count = 0;
  for (const std::string& literal : condition.any) {
    for (size_t at = text.find(literal); at != std::string_view::npos; at = text.find(literal, at + 1)) {
      count += !condition.words || Prefilter::IsWord(condition, sample, at, literal.size()) ? 1 : 0.1;
    }
  }
  return count;
}

// How often the search takes something else for them, which is the likelier the shorter they are.
double Mistakes(const Prefilter::Condition& condition) {
  double mistakes = 0;
  for (const std::string& literal : condition.any) {
    mistakes += literal.size() >= 8 ? 0.25 : literal.size() >= 6 ? 1 : literal.size() >= 5 ? 4 : 24;
  }
  return mistakes;
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
  for (const std::string& guard : Prefilter::Guards()) AddToBoth(guard, {Meaning::kGuard});
  for (const std::string& guard : Prefilter::DigitGuards()) AddToBoth(guard, {Meaning::kDigitGuard});
  AddToBoth("\\u00", {Meaning::kEscape});
  for (const std::string& guard : Prefilter::LevelGuards()) texts_.Add(guard, {Meaning::kLevelGuard});
  for (const std::string& word : prefilter.level_words()) texts_.Add(word, {Meaning::kLevelWord});
  for (const std::string& part : prefilter.level_key_parts()) texts_.Add(part, {Meaning::kLevelKey});
  search_ = std::make_unique<LiteralSearch>(texts_.literals, sample);
  all_ = std::make_unique<LiteralAutomaton>(all_texts_.literals);
}

void PrefilterSearch::AddNeed(const Prefilter::Need& need, Meaning meaning, std::string_view sample,
                              std::string_view lower) {
  const Prefilter::Condition *rarest = nullptr, *easiest = nullptr;
  double least = 0, least_cost = 0;
  for (const Prefilter::Condition& condition : need.all) {
    const double count = CountIn(sample, lower, condition), cost = count + Mistakes(condition);
    // Of those that the sample has not, the one that is told best.
    const double rank = count + cost / 1000;
    if (rarest == nullptr || rank < least) rarest = &condition, least = rank;
    if (easiest == nullptr || cost < least_cost) easiest = &condition, least_cost = cost;
  }
  if (!need.asks_level) texts_.Add({meaning, &need, easiest});
  if (meaning == Meaning::kNeeded) all_texts_.Add({meaning, &need, rarest});
}

void PrefilterSearch::AddToBoth(std::string_view text, const Use& use) {
  texts_.Add(text, use);
  all_texts_.Add(text, use);
}

void PrefilterSearch::Texts::Add(const Use& use) {
  const std::vector<std::string>& any = use.condition->any;
  for (const std::string& text : any) {
    // Of words, those that others are part of.
    const bool covered = use.condition->words && std::any_of(any.begin(), any.end(), [&](const auto& other) {
                           return other.size() < text.size() && text.find(other) != std::string::npos;
                         });
    if (!covered) Add(text, use);
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
