// A line is read unless its own level is found in it and nothing else speaks against it. Most lines have one
// hit, their level's key, and what its value means was asked a million times before, so that is remembered.
#include <string.h>  // memmem

#include <algorithm>

#include "absl/strings/ascii.h"
#include "event/prefilter.h"
#include "record/severity.h"

namespace gainsay {
namespace {

// A level's value is no longer; a key is no longer.
constexpr size_t kMaxValue = 40, kMaxKey = 64;
constexpr size_t kTrial = 256;  // lines of each chunk

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

PrefilterScan::PrefilterScan(const PrefilterSearch& search)
    : search_(&search), cursor_(search.search(), {}) {}

void PrefilterScan::Open(std::string_view bytes) {
  bytes_ = bytes;
  lowered_ = SIZE_MAX;
  lines_ = rejected_ = 0;
  gave_up_ = false;
  cursor_ = LiteralSearch::Cursor(search_->search(), bytes);
  hit_ = cursor_.Next(0);
}

size_t PrefilterScan::NextLine(size_t from) {
  if (gave_up_) return from;
  for (size_t begin = from; begin < bytes_.size();) {
    size_t end = bytes_.find('\n', begin);
    if (end == std::string_view::npos) end = bytes_.size();
    ++lines_;
    if (!Rejects(begin, end)) {
      // Where most lines have to be read, looking at them first is wasted.
      gave_up_ = lines_ >= kTrial && rejected_ * 4 < lines_;
      return begin;
    }
    ++rejected_;
    begin = std::min(end + 1, bytes_.size());
  }
  return bytes_.size();
}

// Lines of a strand (record/strand.h) have to be read, and are told without a search.
bool PrefilterScan::IsWrapped(std::string_view line) {
  constexpr std::string_view kDocker = "{\"log\":\"", kJournal = "{\"_", kStream = "\"_STREAM_ID\"";
  return line.starts_with(kDocker) ||
         (line.starts_with(kJournal) &&
          memmem(line.data(), line.size(), kStream.data(), kStream.size()) != nullptr);
}

bool PrefilterScan::Rejects(size_t begin, size_t end) {
  if (begin == end) return true;  // blank
  if (bytes_[begin] != '{' || IsWrapped(bytes_.substr(begin, end - begin))) return false;
  bool low = false;
  if (hit_.literal != kNoLiteral && hit_.at < begin) hit_ = cursor_.Next(begin);
  for (; hit_.literal != kNoLiteral && hit_.at < end; hit_ = cursor_.Next(begin)) {
    for (const PrefilterSearch::Use& use : search_->uses(hit_.literal)) {
      const Finding finding = Judge(hit_, use, begin, end);
      if (finding == Finding::kRead) return false;
      low = low || finding == Finding::kLow;
    }
  }
  return low;
}

PrefilterScan::Finding PrefilterScan::Judge(const LiteralHit& hit, const PrefilterSearch::Use& use,
                                            size_t begin, size_t end) {
  const size_t behind = hit.at + search_->search().literals()[hit.literal].size();
  switch (use.meaning) {
    case PrefilterSearch::Meaning::kNeeded:
      return MeetsAll(use, hit, bytes_.substr(begin, end - begin)) ? Finding::kRead : Finding::kNothing;
    case PrefilterSearch::Meaning::kGuard:
      return Finding::kRead;
    case PrefilterSearch::Meaning::kDigitGuard: {
      size_t next = behind;
      while (next < end && (IsBlank(bytes_[next]) || bytes_[next] == '[')) ++next;
      return next < end && IsDigit(bytes_[next]) ? Finding::kRead : Finding::kNothing;
    }
    case PrefilterSearch::Meaning::kLevelWord: {
      size_t first = hit.at, last = behind;
      while (first > begin && IsLetter(bytes_[first - 1])) --first;
      while (last < end && IsLetter(bytes_[last])) ++last;
      if (!Prefilter::IsHighLevelWord(bytes_.substr(first, last - first))) return Finding::kNothing;
      return IsKey(first, last, begin, end) ? Finding::kNothing : Finding::kRead;
    }
    case PrefilterSearch::Meaning::kLevelKey:
      return JudgeKey(hit, begin, end);
  }
  return Finding::kRead;
}

// Whether a line with this hit has everything that the rule needs.
bool PrefilterScan::MeetsAll(const PrefilterSearch::Use& use, const LiteralHit& hit, std::string_view line) {
  const auto begin_of_line = static_cast<size_t>(line.data() - bytes_.data());
  const std::vector<std::string>& any = use.condition->any;
  const bool met = !use.condition->exact || std::any_of(any.begin(), any.end(), [&](const std::string& text) {
    return bytes_.substr(hit.at, text.size()) == text;
  });
  if (!met) return false;
  return std::all_of(use.need->begin(), use.need->end(), [&](const Prefilter::Condition& condition) {
    if (&condition == use.condition) return true;
    if (!condition.exact && lowered_ != begin_of_line) {
      lower_.assign(line);
      absl::AsciiStrToLower(&lower_);
      lowered_ = begin_of_line;
    }
    const std::string_view text = condition.exact ? line : std::string_view(lower_);
    return std::any_of(condition.any.begin(), condition.any.end(), [text](const std::string& literal) {
      return text.find(literal) != std::string_view::npos;
    });
  });
}

// Whether [first, last) is a whole key of the outermost JSON, its quotes around it: then it is nobody's
// level.
bool PrefilterScan::IsKey(size_t first, size_t last, size_t begin, size_t end) const {
  if (first < begin + 2 || last >= end || bytes_[first - 1] != '"' || bytes_[last] != '"') return false;
  if (bytes_[first - 2] != '{' && bytes_[first - 2] != ',' && bytes_[first - 2] != ' ') return false;
  size_t next = last + 1;
  while (next < end && IsBlank(bytes_[next])) ++next;
  return next < end && bytes_[next] == ':';
}

PrefilterScan::Finding PrefilterScan::JudgeKey(const LiteralHit& hit, size_t begin, size_t end) {
  // The key between its quotes, which may be escaped; else this is no key.
  size_t first = hit.at + 1, last = hit.at + 1;
  while (first > begin && bytes_[first - 1] != '"' && last - first < kMaxKey) --first;
  while (last < end && bytes_[last] != '"' && bytes_[last] != '\\' && last - first < kMaxKey) ++last;
  if (first == begin || bytes_[first - 1] != '"' || last >= end) return Finding::kNothing;
  const std::string_view key = bytes_.substr(first, last - first);
  size_t at = last;
  while (at < end && bytes_[at] == '\\') ++at;
  if (at >= end || bytes_[at] != '"') return Finding::kNothing;
  ++at;
  while (at < end && IsBlank(bytes_[at])) ++at;
  if (at >= end || bytes_[at] != ':') return Finding::kNothing;
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
  const KnownLevel& known = Know(key, value);
  if (!known.is_level_key) return Finding::kNothing;
  if (value.empty() || stop - at == kMaxValue || (!quoted && !IsDigit(value[0]))) return Finding::kRead;
  if (quoted && (stop >= end || (bytes_[stop] == '\\' && bytes_[first - 2] != '\\'))) return Finding::kRead;
  if (known.is_high) return Finding::kRead;
  return IsOwnLevel(known, begin, first - 1) ? Finding::kLow : Finding::kNothing;
}

// What the prefilter says of a key and its value: logs have few of them, each a million times.
const PrefilterScan::KnownLevel& PrefilterScan::Know(std::string_view key, std::string_view value) {
  const size_t last = key.empty() ? 0 : static_cast<unsigned char>(key.back());
  const size_t first = value.empty() ? 0 : static_cast<unsigned char>(value.front());
  KnownLevel& known = known_[(key.size() * 7 + last + first * 5 + value.size()) % known_.size()];
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
      const size_t first = at + 1;
      for (++at; at < quote && bytes_[at] != '"'; ++at) {
        if (bytes_[at] == '\\') ++at;
      }
      if (at >= quote) return false;  // it stands in a string
      last = bytes_.substr(first, at - first);
    }
  }
  return (depth == 1 && known.is_low_at_top) ||
         (depth == 2 && search_->prefilter().IsLowLevel(parent, known.key, known.value));
}

}  // namespace gainsay
