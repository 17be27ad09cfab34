// Of the conditions of a need one is enough to look for. The rarest in a sample of the log is taken.
#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "event/literals.h"
#include "event/prefilter_scan.h"

namespace gainsay {
namespace {

// As much of a sample is counted in.
constexpr size_t kCountedBytes = size_t{8} << 10;

std::string Lower(std::string_view text) {
  std::string lower(text);
  absl::AsciiStrToLower(&lower);
  return lower;
}

// What stands in logs of all kinds, in lower case.
constexpr std::string_view kUsualTexts =
    R"({"log":"stream":"stderr","time":"2026-05-31t04:00:00.004950z","timestamp","@timestamp","asctime","ts",)"
    R"("level":"info","levelname","severity","message":"msg":"logger":"name":"pid":"process","processname","thread",)"
    R"("threadname","host","hostname","service","trace_id","span_id","task_id","job_id","request_id","status":200,)"
    R"("duration_ms","user","url","path","method":"get","version","env":"production","__realtime_timestamp",)"
    R"("_systemd_unit":"worker.service","_transport":"stdout","syslog_identifier","priority","main","worker","task","job","run","http")";

size_t CountUsual(const Prefilter::Condition& condition) {
  size_t count = 0;
  for (const std::string& any : condition.any) {
    const std::string text = Lower(any);
    for (size_t at = kUsualTexts.find(text); at != std::string_view::npos;
         at = kUsualTexts.find(text, at + 1))
      ++count;
  }
  return count;
}

// How often the texts of each condition stand in a sample, found in one pass.
class Counts {
 public:
  Counts(const Prefilter& prefilter, std::string_view sample) {
    for (const std::vector<Prefilter::Need>* needs : {&prefilter.needs(), &prefilter.level_formats()}) {
      for (const Prefilter::Need& need : *needs) {
        for (const Prefilter::Condition& condition : need.all) Add(condition);
      }
    }
    const LiteralGrams grams(std::move(texts_), sample);
    grams.Find(sample, [&](uint32_t text, size_t at) {
      const size_t size = grams.literals()[text].size();
      for (const Prefilter::Condition* of : conditions_[text]) {
        counts_[of] += !of->words || Prefilter::IsWord(*of, sample, at, size) ? 1 : 0.1;
      }
      return false;
    });
  }
  double Of(const Prefilter::Condition& condition) const {
    const auto count = counts_.find(&condition);
    return count == counts_.end() ? 0 : count->second;
  }

 private:
  void Add(const Prefilter::Condition& condition) {
    for (const std::string& any : condition.any) {
      const auto [known, is_new] = index_.try_emplace(Lower(any), texts_.size());
      if (is_new) {
        texts_.push_back(known->first);
        conditions_.emplace_back();
      }
      conditions_[known->second].push_back(&condition);
    }
  }

  std::unordered_map<std::string, size_t> index_;
  std::vector<std::string> texts_;
  std::vector<std::vector<const Prefilter::Condition*>> conditions_;  // by text
  std::unordered_map<const Prefilter::Condition*, double> counts_;
};

// How often the search takes something else for them, which is the likelier the shorter they are.
double Mistakes(const Prefilter::Condition& condition) {
  double mistakes = 0;
  for (const std::string& literal : condition.any) {
    mistakes += literal.size() >= 8 ? 0.25 : literal.size() >= 6 ? 1 : literal.size() >= 5 ? 2 : 24;
  }
  return mistakes;
}

}  // namespace

PrefilterSearch::PrefilterSearch(const Prefilter& prefilter, std::string_view sample)
    : prefilter_(&prefilter) {
  const Counts counts(prefilter, sample.substr(0, kCountedBytes));
  const auto count = [&](const Prefilter::Condition& condition) { return counts.Of(condition); };
  for (const Prefilter::Need& need : prefilter.needs()) AddNeed(need, Meaning::kNeeded, count);
  for (const Prefilter::Need& need : prefilter.level_formats()) AddNeed(need, Meaning::kLevelFormat, count);
  for (const std::string& guard : Prefilter::Guards()) AddToBoth(guard, {Meaning::kGuard});
  for (const std::string& guard : Prefilter::DigitGuards()) AddToBoth(guard, {Meaning::kDigitGuard});
  AddToBoth("\\u00", {Meaning::kEscape});
  for (const std::string& guard : Prefilter::LevelGuards()) texts_.Add(guard, {Meaning::kLevelGuard});
  for (const std::string& word : prefilter.level_words()) texts_.Add(word, {Meaning::kLevelWord});
  for (const std::string& part : prefilter.level_key_parts()) texts_.Add(part, {Meaning::kLevelKey});
  search_ = std::make_unique<LiteralSearch>(std::move(texts_.literals), sample);
  all_ = std::make_unique<LiteralGrams>(std::move(all_texts_.literals), sample.substr(0, kCountedBytes));
}

bool PrefilterSearch::HasManyTexts(const Prefilter::Condition& condition) {
  return condition.any.size() > kMostTexts;
}

namespace {

struct Best {
  const Prefilter::Condition* condition = nullptr;
  double cost = 0;

  void Offer(const Prefilter::Condition& offered, double offered_cost) {
    if (condition == nullptr || offered_cost < cost) *this = {&offered, offered_cost};
  }
};

}  // namespace

// Which lines are read must not depend on the sample: it only chooses among conditions that are all looked
// at. Where the lines of several records are interleaved, one condition stands for all, always the same.
void PrefilterSearch::AddNeed(const Prefilter::Need& need, Meaning meaning, const Count& count) {
  Best rarest, easiest, usual;
  const bool all_have_many = std::all_of(need.all.begin(), need.all.end(), HasManyTexts);
  for (const Prefilter::Condition& condition : need.all) {
    if (HasManyTexts(condition) && !all_have_many) continue;
    const double times = count(condition), mistakes = Mistakes(condition);
    // Of those that the sample has not, the one that is told best.
    rarest.Offer(condition, times + (times + mistakes) / 1000);
    easiest.Offer(condition, times + mistakes);
    usual.Offer(condition, static_cast<double>(CountUsual(condition)) * 1000 + mistakes);
  }
  const auto add = [&](const Best& best, Texts* texts) {
    const bool one = need.one_line || best.condition == usual.condition;
    texts->Add({meaning, &need, best.condition, one ? Lines::kAny : Lines::kAlone});
    if (!one) texts->Add({meaning, &need, usual.condition, Lines::kInterleaved});
  };
  if (!need.asks_level) add(easiest, &texts_);
  if (meaning == Meaning::kNeeded) add(rarest, &all_texts_);
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
  std::string literal = Lower(text);
  const auto [known, is_new] = index.try_emplace(literal, static_cast<uint32_t>(literals.size()));
  if (is_new) {
    literals.push_back(std::move(literal));
    uses.emplace_back();
  }
  uses[known->second].push_back(use);
}

// Of a line that holds none of these, no use says that it has to be read.
const LineSieve* PrefilterSearch::SieveFor(std::string_view sample) const {
  if (const LineSieve* sieve = sieve_.load(std::memory_order_acquire)) return sieve;
  if (!prefilter_->knows_errors() || sieve_is_made_.test_and_set()) return nullptr;
  std::vector<LineSieve::Text> texts;
  const auto add = [this, &texts](const std::string& literal, const std::vector<Use>& uses) {
    for (const Use& use : uses) {
      if (use.meaning == Meaning::kNeeded) {
        texts.push_back({literal, use.need->in_values, use.condition->words ? use.condition : nullptr});
      } else if (use.meaning == Meaning::kEscape) {
        texts.push_back({literal, false, nullptr, prefilter_});
      } else if (use.meaning == Meaning::kGuard || use.meaning == Meaning::kDigitGuard) {
        texts.push_back({literal});
      }
    }
  };
  for (uint32_t i = 0; i < search_->literals().size(); ++i) add(search_->literals()[i], texts_.uses[i]);
  for (uint32_t i = 0; i < all_->literals().size(); ++i) add(all_->literals()[i], all_texts_.uses[i]);
  made_sieve_ = std::make_unique<const LineSieve>(std::move(texts), sample);
  sieve_.store(made_sieve_.get(), std::memory_order_release);
  return made_sieve_.get();
}

}  // namespace gainsay
