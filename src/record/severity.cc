#include "record/severity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace gainsay {
namespace {

struct LevelWord {
  std::string_view word;
  Severity severity;
};

constexpr Severity kCritical = kLevelError2;  // syslog's and nginx's "crit"

// Sorted by their first letters, lower case. "critical" is Python's, .NET's and GCP's word for their highest
// level.
constexpr LevelWord kWords[] = {
    {"#", kLevelWarn},           {"*", kLevelInfo2},
    {"-", kLevelInfo},           {".", kLevelDebug},  // redis
    {"alert", kLevelError3},     {"c", kLevelFatal},
    {"config", kLevelDebug},     {"crit", kCritical},
    {"critical", kLevelFatal},   {"d", kLevelDebug},
    {"dbg", kLevelDebug},        {"dbug", kLevelDebug},
    {"debg", kLevelDebug},       {"debug", kLevelDebug},
    {"debug1", kLevelDebug},     {"debug2", kLevelDebug},
    {"debug3", kLevelDebug},     {"debug4", kLevelDebug},
    {"debu", kLevelDebug},       {"debug5", kLevelDebug},
    {"dpanic", kLevelFatal},     {"e", kLevelError},
    {"emerg", kLevelFatal},      {"emergency", kLevelFatal},
    {"err", kLevelError},        {"erro", kLevelError},
    {"error", kLevelError},      {"exception", kLevelError},
    {"f", kLevelFatal},          {"fail", kLevelError},
    {"fata", kLevelFatal},       {"fatal", kLevelFatal},
    {"fine", kLevelDebug},       {"finer", kLevelTrace},
    {"finest", kLevelTrace},     {"ftl", kLevelFatal},
    {"http", kLevelDebug},       {"i", kLevelInfo},
    {"inf", kLevelInfo},         {"info", kLevelInfo},
    {"information", kLevelInfo}, {"informational", kLevelInfo},
    {"log", kLevelInfo},         {"n", kLevelInfo2},
    {"notice", kLevelInfo2},     {"pani", kLevelFatal},
    {"panic", kLevelFatal},      {"severe", kLevelError},
    {"silly", kLevelTrace},      {"success", kLevelInfo},
    {"t", kLevelTrace},          {"trac", kLevelTrace},
    {"trace", kLevelTrace},      {"trc", kLevelTrace},
    {"trce", kLevelTrace},       {"v", kLevelDebug},
    {"vrb", kLevelDebug},        {"verbose", kLevelDebug},
    {"w", kLevelWarn},           {"warn", kLevelWarn},
    {"warning", kLevelWarn},     {"wrn", kLevelWarn},
};
constexpr size_t kLongestWord = 13;

// By a word's first byte: how many words begin with a lower one.
constexpr std::array<uint8_t, 257> kWordsBefore = [] {
  std::array<uint8_t, 257> before{};
  for (const LevelWord& entry : kWords) {
    for (size_t c = static_cast<unsigned char>(entry.word[0]) + size_t{1}; c < before.size(); ++c)
      ++before[c];
  }
  return before;
}();

bool IsTrimmed(char c) {
  static constexpr std::array<bool, 256> kTrimmed = [] {
    std::array<bool, 256> trimmed{};
    for (const char one : {' ', '\t', '\r', '\n', '[', ']', ':', '<', '>', '|', '\0'})
      trimmed[static_cast<unsigned char>(one)] = true;
    return trimmed;
  }();
  return kTrimmed[static_cast<unsigned char>(c)];
}

std::string_view TrimLevel(std::string_view text) {
  while (!text.empty() && IsTrimmed(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsTrimmed(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<Severity> FromWord(std::string_view text) {
  if (text.empty() || text.size() > kLongestWord) return std::nullopt;
  std::array<char, kLongestWord> lower{};
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    lower[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  const std::string_view word(lower.data(), text.size());
  const auto first = static_cast<unsigned char>(word[0]);
  for (size_t i = kWordsBefore[first]; i < kWordsBefore[first + size_t{1}]; ++i) {
    if (kWords[i].word == word) return kWords[i].severity;
  }
  return std::nullopt;
}

std::optional<Severity> FromSyslog(int number) {
  static constexpr Severity kSyslog[8] = {kLevelFatal, kLevelError3, kCritical,  kLevelError,
                                          kLevelWarn,  kLevelInfo2,  kLevelInfo, kLevelDebug};
  if (number < 0 || number > 7) return std::nullopt;
  return kSyslog[number];
}

std::optional<Severity> FromBunyan(int number) {
  static constexpr Severity kBunyan[6] = {kLevelTrace, kLevelDebug, kLevelInfo,
                                          kLevelWarn,  kLevelError, kLevelFatal};
  if (number < 10 || number > 60) return std::nullopt;
  return kBunyan[number / 10 - 1];
}

std::optional<Severity> FromNumber(int number, LevelScale scale) {
  switch (scale) {
    case LevelScale::kOpenTelemetry:
      if (number < 1 || number > 24) return std::nullopt;
      return static_cast<Severity>(number);
    case LevelScale::kSyslog:
      return FromSyslog(number);
    case LevelScale::kGuess:
      break;
  }
  return number <= 7 ? FromSyslog(number) : FromBunyan(number);
}

// Go's slog writes what lies between its levels as an offset: "ERROR+4", "DEBUG-4"; its
// levels stand four apart, as OpenTelemetry's do.
std::optional<Severity> FromSlog(std::string_view text) {
  const size_t sign = text.find_first_of("+-", 1);
  if (sign == std::string_view::npos || sign + 1 >= text.size()) return std::nullopt;
  const std::optional<Severity> base = FromWord(text.substr(0, sign));
  int offset = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + sign + 1, end, offset);
  if (!base || error != std::errc() || stop != end || offset < 0 || offset > 99) return std::nullopt;
  if (text[sign] == '-') offset = -offset;
  if (offset > 3 && *base < kLevelError) return std::nullopt;  // the next level has a name of its own
  return static_cast<Severity>(std::clamp(*base + offset, 1, 24));
}

}  // namespace

std::optional<Severity> ParseSeverity(std::string_view text, LevelScale scale) {
  text = TrimLevel(text);
  if (text.empty()) return std::nullopt;
  if (text[0] >= '0' && text[0] <= '9') {
    int number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const bool whole = stop == end || std::string_view(stop, static_cast<size_t>(end - stop)) == ".0";
    if (error != std::errc() || !whole) return std::nullopt;
    return FromNumber(number, scale);
  }
  if (const std::optional<Severity> severity = FromWord(text)) return severity;
  return FromSlog(text);
}

std::vector<std::string_view> LevelWords() {
  std::vector<std::string_view> words;
  for (const LevelWord& entry : kWords) words.push_back(entry.word);
  return words;
}

std::string_view SeverityName(Severity severity) {
  static constexpr std::string_view kNames[] = {"trace", "debug", "info", "warn", "error", "fatal"};
  if (severity == kNoSeverity || severity > 24) return "";
  return kNames[(severity - 1) / 4];
}

}  // namespace gainsay
