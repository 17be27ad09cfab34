// A line is read if a rule might take it whatever its level, or one that asks for a level and the line's own
// is not found or not to be trusted. Most lines have one hit, their level's key, and what its value means was
// asked a million times before, so that is remembered.
#include "event/prefilter_scan.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/string_view.h"
#include "event/line_keys.h"
#include "record/severity.h"
#include "record/strand.h"

namespace gainsay {
namespace {

// A level's value is no longer; a key is no longer.
constexpr size_t kMaxValue = 40, kMaxKey = 64;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

// Making one takes a while, and two searches instead of one have to be quicker than looking at each line.
size_t PrefilterScan::SieveAfter() { return BestKernel().is_instant ? size_t{8} << 20 : SIZE_MAX; }

PrefilterScan::PrefilterScan(const PrefilterSearch& search, size_t sieve_after)
    : search_(&search),
      cursor_(search.search(), {}),
      sieve_after_(sieve_after),
      wrapped_level_(search.prefilter(), search.prefilter().texts()) {}

// Where the sieve holds most lines back it is only in the way.
void PrefilterScan::Open(std::string_view bytes) {
  constexpr size_t kPause = 16;
  bytes_ = bytes;
  ends_.Open(bytes);
  lowered_ = unescaped_ = SIZE_MAX;
  cursor_ = LiteralSearch::Cursor(search_->search(), bytes);
  if (4 * quiet_ < sifted_) pause_ = kPause;
  sifted_ = quiet_ = 0;
  sieve_.reset();
  bytes_seen_ += bytes.size();
  if (bytes_seen_ < sieve_after_ || (pause_ > 0 && pause_-- > 0)) return;
  if (const LineSieve* sieve = search_->SieveFor(bytes)) sieve_.emplace(*sieve, bytes);
}

size_t PrefilterScan::NextLine(size_t from) {
  for (size_t begin = from; begin < bytes_.size();) {
    const size_t end = ends_.Next(begin);
    if (!Rejects(begin, end)) return begin;
    begin = std::min(end + 1, bytes_.size());
  }
  return bytes_.size();
}

// Whether the line holds nothing that a rule needs, whatever its level.
bool PrefilterScan::IsQuiet(size_t begin, size_t end) {
  if (!sieve_) return false;
  ++sifted_;
  if (sieve_->HoldsAny(begin, end)) return false;
  ++quiet_;
  return !IsPartial(bytes_.substr(begin, end - begin));
}

bool PrefilterScan::Rejects(size_t begin, size_t end) {
  if (begin == end) return true;  // blank
  // A line that was cut is malformed, and counted.
  constexpr std::string_view kLast = "}],\r";
  if (bytes_[begin] != '{' || kLast.find(bytes_[end - 1]) == std::string_view::npos) return false;
  if (IsQuiet(begin, end)) return true;
  const std::string_view line = bytes_.substr(begin, end - begin);
  const WrappedLine look = LookAtWrapped(line);
  wrapped_ = look.in_strand;
  has_level_ = look.has_level;
  if (look.partial) return false;
  const Finding level = JudgeHits(begin, end);
  if (level == Finding::kRead) return false;
  if (level == Finding::kLow && has_level_) return true;
  if (level != Finding::kDoubt && !has_level_ && wrapped_level_.IsLow(look.text)) return true;
  return !MayMatter(begin, end);
}

// kLow: the line's own level is found, low, and not to be doubted. kRead: it has to be read whatever its
// level.
PrefilterScan::Finding PrefilterScan::JudgeHits(size_t begin, size_t end) {
  bool low = false, doubt = false;
  for (LiteralHit hit = cursor_.Next(begin, end); hit.literal != kNoLiteral; hit = cursor_.Next(begin, end)) {
    const size_t size = search_->search().literals()[hit.literal].size();
    for (const PrefilterSearch::Use& use : search_->uses(hit.literal)) {
      const Finding finding = Judge(use, hit.at, size, begin, end);
      if (finding == Finding::kRead) return Finding::kRead;
      low = low || finding == Finding::kLow;
      doubt = doubt || finding == Finding::kDoubt;
    }
  }
  return doubt ? Finding::kDoubt : low ? Finding::kLow : Finding::kNothing;
}

// Whether some rule may take the line, if its level is one that the rule asks for.
bool PrefilterScan::MayMatter(size_t begin, size_t end) {
  if (!search_->prefilter().knows_errors()) return true;
  return search_->all().Find(bytes_.substr(begin, end - begin), [&](uint32_t literal, size_t in_line) {
    const size_t size = search_->all().literals()[literal].size();
    const std::vector<PrefilterSearch::Use>& uses = search_->uses_in_all(literal);
    return std::any_of(uses.begin(), uses.end(), [&](const PrefilterSearch::Use& use) {
      return Judge(use, begin + in_line, size, begin, end) == Finding::kRead;
    });
  });
}

PrefilterScan::Finding PrefilterScan::Judge(const PrefilterSearch::Use& use, size_t at, size_t size,
                                            size_t begin, size_t end) {
  const size_t behind = at + size;
  const std::string_view line = bytes_.substr(begin, end - begin);
  switch (use.meaning) {
    case PrefilterSearch::Meaning::kNeeded:
      return IsMet(use, at, size, begin, end) ? Finding::kRead : Finding::kNothing;
    case PrefilterSearch::Meaning::kLevelFormat:
      return MeetsAll(use, at, line) ? Finding::kDoubt : Finding::kNothing;
    case PrefilterSearch::Meaning::kGuard:
      return Finding::kRead;
    case PrefilterSearch::Meaning::kLevelGuard:
      return has_level_ ? Finding::kDoubt : Finding::kNothing;
    case PrefilterSearch::Meaning::kDigitGuard: {
      // White space, too, as it is escaped in a string.
      size_t next = behind;
      for (bool escape = false; next < end; next += escape ? 2 : 1) {
        escape = bytes_[next] == '\\' && next + 1 < end &&
                 (bytes_[next + 1] == 't' || bytes_[next + 1] == 'n' || bytes_[next + 1] == 'r');
        if (!escape && !IsBlank(bytes_[next]) && bytes_[next] != '[') break;
      }
      return next < end && IsDigit(bytes_[next]) ? Finding::kRead : Finding::kNothing;
    }
    case PrefilterSearch::Meaning::kEscape:
      return search_->prefilter().Hides(line.substr(behind - begin)) ? Finding::kRead : Finding::kNothing;
    case PrefilterSearch::Meaning::kLevelWord: {
      size_t first = at, last = behind;
      while (first > begin && IsLetter(bytes_[first - 1])) --first;
      while (last < end && IsLetter(bytes_[last])) ++last;
      if (!IsHighWord(bytes_.substr(first, last - first))) return Finding::kNothing;
      return IsKey(line, first - begin, last - begin) ? Finding::kNothing : Finding::kDoubt;
    }
    case PrefilterSearch::Meaning::kLevelKey:
      return JudgeKey(at, begin, end);
  }
  return Finding::kRead;
}

// Whether the text of the use's condition at `at` says that the line has to be read. The texts of a need may
// stand in different lines of a record: then one of them is enough in a line that may be one of several.
bool PrefilterScan::IsMet(const PrefilterSearch::Use& use, size_t at, size_t size, size_t begin, size_t end) {
  const Prefilter::Condition& condition = *use.condition;
  using Lines = PrefilterSearch::Lines;
  if (use.lines == (wrapped_ ? Lines::kAlone : Lines::kInterleaved)) return false;
  if (condition.words && !Prefilter::IsWord(condition, bytes_.substr(0, end), at, size)) return false;
  const std::string_view line = bytes_.substr(begin, end - begin);
  if (use.need->in_values && IsOutermostKey(line, at - begin, at - begin + size)) return false;
  if (wrapped_ && !use.need->one_line) return MayMatch(condition, begin, end);
  if (!MeetsAll(use, at, line)) return false;
  return std::all_of(use.need->all.begin(), use.need->all.end(),
                     [&](const Prefilter::Condition& each) { return MayMatch(each, begin, end); });
}

// Whether the condition's regex may match in the line, if it has one.
bool PrefilterScan::MayMatch(const Prefilter::Condition& condition, size_t begin, size_t end) {
  if (condition.regex == nullptr) return true;
  if (unescaped_ != begin) {
    texts_.Open(bytes_.substr(begin, end - begin));
    unescaped_ = begin;
    matched_ = unmatched_ = nullptr;
  }
  if (condition.regex.get() == matched_) return true;
  if (condition.regex.get() == unmatched_) return false;
  const bool may_match = texts_.MayMatch(*condition.regex);
  (may_match ? matched_ : unmatched_) = condition.regex.get();
  return may_match;
}

// Whether a line with the text at `at` has everything that the rule needs.
bool PrefilterScan::MeetsAll(const PrefilterSearch::Use& use, size_t at, std::string_view line) {
  const auto begin_of_line = static_cast<size_t>(line.data() - bytes_.data());
  const std::vector<std::string>& any = use.condition->any;
  const bool met = !use.condition->exact || std::any_of(any.begin(), any.end(), [&](const std::string& text) {
    return bytes_.substr(at, text.size()) == text;
  });
  if (!met) return false;
  if (use.need->all.size() > 1 && lowered_ != begin_of_line) {
    lower_.resize(line.size());
    std::transform(line.begin(), line.end(), lower_.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    lowered_ = begin_of_line;
  }
  return std::all_of(use.need->all.begin(), use.need->all.end(), [&](const Prefilter::Condition& condition) {
    return &condition == use.condition || PrefilterSearch::HasManyTexts(condition) ||
           Prefilter::Meets(condition, line, lower_, [&](size_t found, size_t size) {
             return !use.need->in_values || !IsOutermostKey(line, found, found + size);
           });
  });
}

// A pair in a text inside the line ("level=50").
PrefilterScan::Finding PrefilterScan::JudgePair(size_t inside, size_t begin, size_t end) {
  size_t first = inside, last = inside;
  while (first > begin && IsNameChar(bytes_[first - 1])) --first;
  while (last < end && IsNameChar(bytes_[last])) ++last;
  const std::string_view key = bytes_.substr(first, last - first);
  if (last >= end || bytes_[last] != '=' || !search_->prefilter().IsLevelKey(key)) return Finding::kNothing;
  size_t at = last + 1;
  while (at < end && (bytes_[at] == '\\' || bytes_[at] == '"')) ++at;
  size_t stop = at;
  while (stop < end && !IsBlank(bytes_[stop]) && bytes_[stop] != '"' && bytes_[stop] != '\\') ++stop;
  const std::string_view value = bytes_.substr(at, stop - at);
  const bool known = !value.empty() && !search_->prefilter().IsHighLevel(key, value);
  return known ? Finding::kNothing : Finding::kDoubt;
}

// Most lines have the same few levels as the lines before.
PrefilterScan::Finding PrefilterScan::JudgeKey(size_t hit, size_t begin, size_t end) {
  KnownSpot& known = SpotFor(hit);
  if (!known.text.empty() && hit >= begin + known.hit && end - (hit - known.hit) >= known.text.size() &&
      bytes_.substr(hit - known.hit, known.text.size()) == known.text) {
    return JudgeSpot(known, hit - known.hit, begin);
  }
  if (const Finding pair = JudgePair(hit + 1, begin, end); pair != Finding::kNothing) return pair;
  KnownSpot spot;
  if (!FindSpot(hit, begin, end, &spot)) return spot.finding;
  if (spot.text.find('=') == std::string::npos) known = spot;
  return JudgeSpot(spot, hit - spot.hit, begin);
}

PrefilterScan::KnownSpot& PrefilterScan::SpotFor(size_t hit) {
  uint64_t behind[2];  // the search has so many bytes readable
  std::memcpy(behind, bytes_.data() + hit, sizeof behind);
  return spots_[(behind[0] * 0x9E3779B97F4A7C15u ^ behind[1] * 0xC2B2AE3D27D4EB4Fu) >> 58];
}

PrefilterScan::Finding PrefilterScan::JudgeSpot(const KnownSpot& spot, size_t at, size_t begin) const {
  if (!spot.may_be_own) return spot.finding;
  return IsOwnLevel(spot.level, begin, at + 1) ? Finding::kLow : Finding::kNothing;
}

// False: what stands around the hit is no key with a value, or the line ends too soon.
bool PrefilterScan::FindSpot(size_t hit, size_t begin, size_t end, KnownSpot* spot) {
  // The key between its quotes, which may be escaped; else this is no key.
  size_t first = hit + 1, last = hit + 1;
  while (first > begin && bytes_[first - 1] != '"' && last - first < kMaxKey) --first;
  while (last < end && bytes_[last] != '"' && bytes_[last] != '\\' && last - first < kMaxKey) ++last;
  if (first < begin + 2 || bytes_[first - 1] != '"' || last >= end) return false;
  const std::string_view key = bytes_.substr(first, last - first);
  const bool in_string = bytes_[first - 2] == '\\';
  size_t at = last;
  while (at < end && bytes_[at] == '\\') ++at;
  if (at >= end || bytes_[at] != '"') return false;
  ++at;
  while (at < end && IsBlank(bytes_[at])) ++at;
  if (at >= end || bytes_[at] != ':') return false;
  ++at;
  while (at < end && IsBlank(bytes_[at])) ++at;

  // Its value: a string or a number, or nothing that can be told from here.
  while (at < end && bytes_[at] == '\\') ++at;
  const bool quoted = at < end && bytes_[at] == '"';
  if (quoted) ++at;
  size_t stop = at;
  while (stop < end && stop - at < kMaxValue && bytes_[stop] != '"' && bytes_[stop] != '\\' &&
         (quoted || (bytes_[stop] != ',' && bytes_[stop] != '}' && !IsBlank(bytes_[stop])))) {
    ++stop;
  }
  const std::string_view value = bytes_.substr(at, stop - at);
  spot->level = Know(key, value);
  if (!spot->level.is_level_key) return false;
  const bool untold = value.empty() || stop - at == kMaxValue || (!quoted && !IsDigit(value[0])) ||
                      (quoted && (stop >= end || (bytes_[stop] == '\\' && !in_string)));
  if (untold || spot->level.is_high) {
    spot->finding = Finding::kDoubt;
  } else {
    spot->may_be_own = !in_string;
  }
  if (stop >= end) return false;
  spot->text = bytes_.substr(first - 2, stop + 1 - (first - 2));
  spot->hit = hit - (first - 2);
  return true;
}

// Logs have few words that hold one for a level ("stderr").
bool PrefilterScan::IsHighWord(std::string_view word) {
  KnownWord& known =
      known_words_[(word.size() * 7 + static_cast<unsigned char>(word.front())) % known_words_.size()];
  if (known.word != word) known = {std::string(word), Prefilter::IsHighLevelWord(word)};
  return known.is_high;
}

// What the prefilter says of a key and its value: logs have few of them, each a million times.
const PrefilterScan::KnownLevel& PrefilterScan::Know(std::string_view key, std::string_view value) {
  const size_t last = key.empty() ? 0 : static_cast<unsigned char>(key.back());
  const size_t first = value.empty() ? 0 : static_cast<unsigned char>(value.front());
  KnownLevel& known = known_[(key.size() * 31 + last * 7 + first * 5 + value.size()) % known_.size()];
  if (known.filled && known.key == key && known.value == value) return known;
  const Prefilter& prefilter = search_->prefilter();
  known.filled = true;
  known.key = key;
  known.value = value;
  known.is_level_key = prefilter.IsLevelKey(key);
  known.is_high = known.is_level_key && prefilter.IsHighLevel(key, value);
  known.is_low_at_top = known.is_level_key && prefilter.IsLowLevel({}, key, value);
  return known;
}

// Whether the key, whose quote stands at `quote`, is the line's own level, not that of an object somewhere in
// it.
bool PrefilterScan::IsOwnLevel(const KnownLevel& known, size_t begin, size_t quote) const {
  const std::string_view before = bytes_.substr(begin, quote - begin);
  if (before.find('{', 1) == std::string_view::npos && before.find('[', 1) == std::string_view::npos) {
    return known.is_low_at_top;
  }
  int depth = 0;
  std::string_view last, parent;
  for (size_t at = begin; at < quote; ++at) {
    const char c = bytes_[at];
    if (c == '{' || c == '[') {
      ++depth;
      if (depth == 2) parent = c == '{' ? last : std::string_view("[");
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == '"') {
      last = RawString(bytes_.substr(at + 1, quote - at - 1));
      at += last.size() + 1;
      if (at >= quote || bytes_[at] != '"') return false;  // it stands in a string
    }
  }
  return (depth == 1 && known.is_low_at_top) ||
         (depth == 2 && search_->prefilter().IsLowLevel(parent, known.key, known.value));
}

}  // namespace gainsay
