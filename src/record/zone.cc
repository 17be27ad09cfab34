#include "record/zone.h"

#include <string>

namespace gainsay {
namespace {

struct Abbreviation {
  std::string_view name;
  int minutes;
};

constexpr Abbreviation kAbbreviations[] = {
    {"Z", 0},      {"z", 0},      {"UTC", 0},    {"GMT", 0},    {"utc", 0},    {"CET", 60},   {"CEST", 120},
    {"EET", 120},  {"EEST", 180}, {"WET", 0},    {"WEST", 60},  {"MSK", 180},  {"EST", -300}, {"EDT", -240},
    {"CST", -360}, {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420}, {"JST", 540},
    {"KST", 540},  {"BST", 60},   {"AEST", 600}, {"AEDT", 660},
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "+02:00", "-0530", "+02".
std::optional<int> ParseOffset(std::string_view text) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  int digits[4] = {0, 0, 0, 0};
  size_t count = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ':' && i == 3 && text.size() == 6) continue;
    if (!IsDigit(text[i]) || count == 4) return std::nullopt;
    digits[count++] = text[i] - '0';
  }
  if (count != 2 && count != 4) return std::nullopt;
  const int hours = digits[0] * 10 + digits[1], minutes = digits[2] * 10 + digits[3];
  if (hours > 18 || minutes > 59) return std::nullopt;
  const int seconds = hours * 3600 + minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

std::optional<int> OffsetOfAbbreviation(std::string_view name) {
  for (const Abbreviation& entry : kAbbreviations) {
    if (entry.name == name) return entry.minutes * 60;
  }
  return std::nullopt;
}

std::optional<int> FixedOffset(const Zone& zone) {
  // Abseil tells a fixed zone only by its name; asked once per thread and zone.
  struct Known {
    Zone zone;  // UTC
    std::optional<int> offset = 0;
  };
  thread_local Known known;
  if (zone != known.zone) {
    known.zone = zone;
    known.offset.reset();
    if (zone == absl::UTCTimeZone()) known.offset = 0;
    if (zone.name().compare(0, 9, "Fixed/UTC") == 0) known.offset = zone.At(absl::UnixEpoch()).offset;
  }
  return known.offset;
}

std::optional<Zone> ParseZone(std::string_view text) {
  if (text == "UTC" || text == "utc" || text == "Z" || text == "GMT") return absl::UTCTimeZone();
  if (const std::optional<int> offset = ParseOffset(text)) return absl::FixedTimeZone(*offset);
  // The name becomes a path below the system's zone files: it may not lead out of there.
  if (text.empty() || text[0] == '/' || text.find("..") != std::string_view::npos) return std::nullopt;
  if (text.find('\0') != std::string_view::npos || text[0] == '+' || text[0] == '-') return std::nullopt;
  Zone zone;
  if (!absl::LoadTimeZone(std::string(text), &zone)) return std::nullopt;
  return zone;
}

}  // namespace gainsay
