#include "record/kept_back.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "record/json_tree.h"

namespace gainsay {
namespace {

constexpr std::string_view kMessageId = "a596d6fe7bfa4994828e72309e95d61e";  // SD_MESSAGE_JOURNAL_DROPPED

template <typename T>
T NumberIn(std::string_view text, T otherwise) {
  T number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

// Old ones name its control group: "/system.slice/worker.service".
std::string_view UnitIn(const JsonTree& entry) {
  std::string_view unit = entry.Text("OBJECT_SYSTEMD_UNIT");
  constexpr std::string_view kFrom = " messages from ";
  const std::string_view message = entry.Text("MESSAGE");
  const size_t from = message.find(kFrom);
  if (from != std::string_view::npos) unit = message.substr(from + kFrom.size());
  return unit.substr(unit.rfind('/') + 1);
}

std::optional<KeptBack> KeptBackOf(std::string_view line) {
  const std::optional<JsonTree> entry = ReadJsonTree(line);
  if (!entry || entry->Text("MESSAGE_ID") != kMessageId || entry->Text("_TRANSPORT") != "driver")
    return std::nullopt;
  KeptBack kept;
  kept.unit = UnitIn(*entry);
  kept.messages = NumberIn<uint64_t>(entry->Text("N_DROPPED"), 0);
  const auto time_us = NumberIn<int64_t>(entry->Text("__REALTIME_TIMESTAMP"), -1);
  if (time_us >= 0 && time_us <= INT64_MAX / 1000) kept.time_ns = time_us * 1000;
  if (kept.unit.empty()) return std::nullopt;
  return kept;
}

}  // namespace

std::vector<KeptBack> KeptBackIn(std::string_view lines) {
  std::vector<KeptBack> all;
  size_t from = 0;
  while (from < lines.size()) {
    const void* found =
        memmem(lines.data() + from, lines.size() - from, kMessageId.data(), kMessageId.size());
    if (found == nullptr) break;
    const auto at = static_cast<size_t>(static_cast<const char*>(found) - lines.data());
    const size_t begin = lines.rfind('\n', at) + 1;  // npos + 1 is 0
    from = std::min(lines.find('\n', at), lines.size() - 1) + 1;
    std::optional<KeptBack> kept = KeptBackOf(lines.substr(begin, from - begin));
    if (!kept) continue;
    kept->begin = begin;
    all.push_back(*std::move(kept));
  }
  return all;
}

}  // namespace gainsay
