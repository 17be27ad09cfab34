// A line is fresh if something in it looks like a time and was not seen lately. What looks like one is either
// a clock, with what stands before it (a date), or an epoch's digits; which of them is the record's own does
// not matter, since a later record bears a later one in any case. A line without any may hold a time that
// nobody would take for one, so it is fresh, and so is now and then any line, for those that hold such a time
// beside one that stays the same.
#include "record/fresh_times.h"

#include <algorithm>
#include <cstring>

namespace gainsay {
namespace {

constexpr unsigned kPartBits = 16;   // of each 64 KiB of a stream the first line is fresh
constexpr size_t kBlock = 32;        // bytes that are looked at at once
constexpr size_t kDateAndHour = 13;  // "2026-05-31T04"
constexpr size_t kEpochDigits = 11;  // of milliseconds and finer: down to the tenth

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool BeginsEpoch(char c) { return c == '1' || c == '2'; }

// Whether a clock or an epoch's digits may begin among these bytes: two colons three apart, or digits where
// ten in a row would have them. Reads a byte before the block and 9 behind it. Written so that whole vectors
// are compared.
bool MayHold(const char* block) {
  uint8_t any = 0;
  for (size_t i = 0; i < kBlock; ++i) {
    const char* at = block + i;
    const auto digit = [](char c) { return static_cast<uint8_t>(static_cast<uint8_t>(c - '0') <= 9); };
    const auto clock = static_cast<uint8_t>((at[0] == ':') & (at[3] == ':'));
    const auto begins = static_cast<uint8_t>(((at[0] == '1') | (at[0] == '2')) & (digit(at[-1]) == 0));
    const auto digits = static_cast<uint8_t>(begins & digit(at[3]) & digit(at[6]) & digit(at[9]));
    any = static_cast<uint8_t>(any | clock | digits);
  }
  return any != 0;
}

// Never 0.
uint64_t Mix(uint64_t hash, std::string_view bytes) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min<size_t>(bytes.size(), 8))) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data(), std::min<size_t>(bytes.size(), 8));
    hash = (hash ^ word ^ bytes.size() << 56) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 29;
  }
  return hash | 1;
}

// "04:12:09.1", with the first colon there and what stands before it; "" if that is none.
std::string_view ClockAt(std::string_view line, size_t colon) {
  if (colon < 1 || colon + 6 > line.size() || line[colon + 3] != ':') return {};
  for (const size_t at : {colon - 1, colon + 1, colon + 2, colon + 4, colon + 5}) {
    if (!IsDigit(line[at])) return {};
  }
  size_t end = colon + 6;
  const bool fraction = end + 1 < line.size() && (line[end] == '.' || line[end] == ',');
  if (fraction && IsDigit(line[end + 1])) end += 2;
  const size_t begin = colon - std::min(colon, kDateAndHour);
  return line.substr(begin, end - begin);
}

// "1780200729.1", "17802007291", from these `count` digits; "" if so many are no epoch's.
std::string_view EpochAt(std::string_view line, size_t begin, size_t count) {
  if (count == 13 || count == 16 || count == 19) return line.substr(begin, kEpochDigits);
  if (count != 10) return {};
  const size_t end = begin + count;
  const bool fraction = end + 1 < line.size() && line[end] == '.' && IsDigit(line[end + 1]);
  return line.substr(begin, count + (fraction ? 2 : 0));
}

}  // namespace

void FreshTimes::Open(std::string_view chunk, uint64_t offset) {
  lines_.clear();
  for (size_t begin = 0; begin < chunk.size();) {
    const size_t end = std::min(chunk.find('\n', begin), chunk.size());
    if (chunk[begin] != '{') {
      last_ = agreeing_ = 0;
    } else if (IsFresh(chunk.substr(begin, end - begin), offset + begin)) {
      lines_.push_back({begin, agreeing_});
      last_ = times_;
      agreeing_ = 0;
    } else if (times_ == last_) {
      ++agreeing_;
    }
    begin = end + 1;
  }
}

bool FreshTimes::IsFresh(std::string_view line, uint64_t offset) {
  const uint64_t part = offset >> kPartBits;
  const bool first = part != part_;
  part_ = part;
  const bool unseen = Look(line);
  return unseen || first || times_ == 0;
}

// Whether there is a time in it that was not seen before. The first character is a brace.
bool FreshTimes::Look(std::string_view line) {
  bool unseen = false;
  times_ = 0;
  for (size_t at = 1; at < line.size(); at += kBlock) {
    if (MayHold(line.data() + at)) unseen |= LookAt(line, at, std::min(at + kBlock, line.size()));
  }
  return unseen;
}

bool FreshTimes::LookAt(std::string_view line, size_t from, size_t to) {
  bool unseen = false;
  for (size_t at = from; at < to; ++at) {
    if (line[at] == ':') unseen |= See(ClockAt(line, at));
    if (!BeginsEpoch(line[at]) || IsDigit(line[at - 1])) continue;
    size_t count = 1;
    while (at + count < line.size() && IsDigit(line[at + count])) ++count;
    unseen |= See(EpochAt(line, at, count));
  }
  return unseen;
}

// A text that goes as far as the tenth of a second; what stands behind it says which half of that.
bool FreshTimes::See(std::string_view text) {
  if (text.empty()) return false;
  const char next = text.data()[text.size()];  // at the line's end its newline
  const bool second_half = next >= '5' && next <= '9';
  const uint64_t time = Mix(2 * text.size() + (second_half ? 1 : 0), text);
  times_ = Mix(times_, {reinterpret_cast<const char*>(&time), sizeof time});
  if (std::find(seen_.begin(), seen_.end(), time) != seen_.end()) return false;
  seen_[next_] = time;
  next_ = (next_ + 1) % kRemembered;
  return true;
}

FreshTimes::Memory FreshTimes::memory() const {
  Memory memory;
  std::copy(seen_.begin(), seen_.end(), memory.begin());
  const std::array<uint64_t, 4> rest = {next_, last_, agreeing_, part_};
  std::copy(rest.begin(), rest.end(), memory.begin() + kRemembered);
  return memory;
}

void FreshTimes::Resume(const Memory& memory) {
  std::copy_n(memory.begin(), kRemembered, seen_.begin());
  next_ = memory[kRemembered] % kRemembered;
  last_ = memory[kRemembered + 1];
  agreeing_ = memory[kRemembered + 2];
  part_ = memory[kRemembered + 3];
}

}  // namespace gainsay
