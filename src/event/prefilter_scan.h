// The prefilter at work on a log.
//
//   PrefilterSearch search(prefilter, sample);
//   PrefilterScan scan(search);
//   reader.Filter(&scan) …
//
// Thread rules: a PrefilterSearch is immutable and shared; a PrefilterScan belongs to one thread.
#ifndef GAINSAY_EVENT_PREFILTER_SCAN_H_
#define GAINSAY_EVENT_PREFILTER_SCAN_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "event/line_ends.h"
#include "event/line_sieve.h"
#include "event/literal_grams.h"
#include "event/literal_search.h"
#include "event/prefilter.h"
#include "event/raw_match.h"
#include "event/wrapped_level.h"
#include "event/wrapped_line.h"
#include "record/line_filter.h"

namespace gainsay {

// A prefilter made ready for a log: of the texts that a rule needs, those that are rare in a sample of the
// log are searched for; the others are looked at where these are found. The texts of errors, thousands of
// them, are looked for only in lines whose level does not say that they tell of none.
class PrefilterSearch {
 public:
  // The sample changes the speed, never a result; it may be empty. The prefilter must outlive the object.
  PrefilterSearch(const Prefilter& prefilter, std::string_view sample);

  enum class Meaning : uint8_t {
    kNeeded,
    kLevelFormat,
    kGuard,
    kLevelGuard,
    kDigitGuard,
    kEscape,
    kLevelWord,
    kLevelKey
  };
  // The lines that a text is looked for in: those whose record can't be another's, or the others.
  enum class Lines : uint8_t { kAny, kAlone, kInterleaved };
  struct Use {
    Meaning meaning = Meaning::kGuard;
    // kNeeded, kLevelFormat: the condition that is met (with a look at the text), and what it takes besides.
    const Prefilter::Need* need = nullptr;
    const Prefilter::Condition* condition = nullptr;
    Lines lines = Lines::kAny;
  };

  // Nearly every line has one of them: such a condition is taken to be met.
  static bool HasManyTexts(const Prefilter::Condition& condition);

  const Prefilter& prefilter() const { return *prefilter_; }
  const LiteralSearch& search() const { return *search_; }
  const std::vector<Use>& uses(uint32_t literal) const { return texts_.uses[literal]; }
  // The same for lines whose level is not known: also what rules need that ask for one, and nothing of
  // levels.
  const LiteralGrams& all() const { return *all_; }
  const std::vector<Use>& uses_in_all(uint32_t literal) const { return all_texts_.uses[literal]; }
  // Made when first asked for, of this sample; null while another thread makes it, and if there can be none.
  const LineSieve* SieveFor(std::string_view sample) const;

 private:
  struct Texts {
    std::vector<std::string> literals;
    std::vector<std::vector<Use>> uses;  // by literal
    std::unordered_map<std::string, uint32_t> index;
    void Add(const Use& use);  // all texts of its condition
    void Add(std::string_view text, const Use& use);
  };
  using Count = std::function<double(const Prefilter::Condition&)>;
  void AddNeed(const Prefilter::Need& need, PrefilterSearch::Meaning meaning, const Count& count);

  const Prefilter* prefilter_;
  void AddToBoth(std::string_view text, const Use& use);

  Texts texts_, all_texts_;
  std::unique_ptr<LiteralSearch> search_;
  std::unique_ptr<LiteralGrams> all_;
  mutable std::unique_ptr<const LineSieve> made_sieve_;
  mutable std::atomic<const LineSieve*> sieve_ = nullptr;
  mutable std::atomic_flag sieve_is_made_ = ATOMIC_FLAG_INIT;
};

// The prefilter at work on one source.
class PrefilterScan : public LineFilter {
 public:
  // `search` must outlive the scan. `sieve_after`: so many bytes; which lines are read does not depend on it.
  explicit PrefilterScan(const PrefilterSearch& search, size_t sieve_after = SieveAfter());

  void Open(std::string_view bytes) override;
  size_t NextLine(size_t from) override;

 private:
  static size_t SieveAfter();
  // kDoubt: the level is not to be trusted.
  enum class Finding : uint8_t { kNothing, kRead, kLow, kDoubt };
  struct KnownLevel {
    std::string key, value;
    bool filled = false, is_level_key = false, is_high = false, is_low_at_top = false;
  };

  // A level's key and value as they stand in the line, from before the key's quote to behind the value.
  struct KnownSpot {
    std::string text;
    size_t hit = 0;  // where in it the search found the key
    // If nothing, and `may_be_own`: low where it is the line's own level.
    Finding finding = Finding::kNothing;
    bool may_be_own = false;
    KnownLevel level;
  };

  struct KnownWord {
    std::string word;
    bool is_high = false;
  };

  bool IsQuiet(size_t begin, size_t end);
  bool Rejects(size_t begin, size_t end);
  Finding JudgeHits(size_t begin, size_t end);
  Finding Judge(const PrefilterSearch::Use& use, size_t at, size_t size, size_t begin, size_t end);
  bool MayMatter(size_t begin, size_t end);
  bool IsMet(const PrefilterSearch::Use& use, size_t at, size_t size, size_t begin, size_t end);
  bool MayMatch(const Prefilter::Condition& condition, size_t begin, size_t end);
  bool MeetsAll(const PrefilterSearch::Use& use, size_t at, std::string_view line);
  Finding JudgePair(size_t inside, size_t begin, size_t end);
  Finding JudgeKey(size_t hit, size_t begin, size_t end);
  Finding JudgeSpot(const KnownSpot& spot, size_t at, size_t begin) const;
  bool FindSpot(size_t hit, size_t begin, size_t end, KnownSpot* spot);
  KnownSpot& SpotFor(size_t hit);
  bool IsOwnLevel(const KnownLevel& known, size_t begin, size_t quote) const;
  bool IsHighWord(std::string_view word);
  const KnownLevel& Know(std::string_view key, std::string_view value);

  const PrefilterSearch* search_;
  std::string_view bytes_;
  LineEnds ends_;
  LiteralSearch::Cursor cursor_;
  std::optional<LineSieve::Cursor> sieve_;  // where most lines are quiet
  const size_t sieve_after_;
  size_t bytes_seen_ = 0;
  size_t sifted_ = 0, quiet_ = 0;  // lines of this chunk
  size_t pause_ = 0;               // chunks
  WrappedLevel wrapped_level_;
  std::array<KnownLevel, 256> known_;
  std::array<KnownSpot, 64> spots_;  // by a hash of what stands behind the hit
  std::array<KnownWord, 64> known_words_;
  std::string lower_;  // of the line at `lowered_`
  size_t lowered_ = SIZE_MAX;
  RawTexts texts_;  // of the line at `unescaped_`
  size_t unescaped_ = SIZE_MAX;
  const UnboundRegex *matched_ = nullptr, *unmatched_ = nullptr;  // the last ones that did and did not there
  bool has_level_ = true;                                         // the line's outermost object may have one
  bool wrapped_ = false;                                          // the line may be one of a strand
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_PREFILTER_SCAN_H_
