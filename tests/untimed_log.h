// A log in which lines without a time stand before those that have one.
#ifndef GAINSAY_TESTS_UNTIMED_LOG_H_
#define GAINSAY_TESTS_UNTIMED_LOG_H_

#include <cstdint>
#include <iterator>
#include <optional>
#include <random>
#include <string>

#include "record/time.h"

namespace gainsay {

// A word on one of a few tasks, with a time in seconds or without any; chatter is what need not be read,
// even if it looks like a time.
inline std::string UntimedLogLine(std::mt19937* random, bool chatter, std::optional<int64_t> second) {
  const std::string task = "7c3d2f8e-0000-4000-a000-00000000000" + std::to_string((*random)() % 4);
  const std::string words[] = {"Task media.reindex[" + task + "] received",
                               "Task media.reindex[" + task + "] succeeded in 0.2s: None",
                               "primary write failed: disk full", "primary write ok after retry"};
  const size_t word = (*random)() % std::size(words);
  const std::string message = chatter ? (second ? "GET /healthz 200" : "up since 03:00:00") : words[word];
  const std::string level = !chatter && word == 2 ? "ERROR" : "INFO";
  if (!second && (*random)() % 3 == 0) return chatter ? "a banner\n" : level + " " + message + "\n";
  std::string line = second ? "{\"time\":\"" + FormatTime(*second * kSecond) + "\"," : "{";
  line += "\"level\":\"" + level + "\",\"message\":\"" + message + "\",\"task_id\":\"" + task + "\"}\n";
  return line;
}

// In turn lines without and with a time; most of the latter are chatter.
inline std::string UntimedLog(std::mt19937* random) {
  std::string log;
  int64_t second = 1'780'200'000;
  for (size_t turn = 0; turn < 4; ++turn) {
    for (size_t left = (*random)() % 30; left > 0; --left)
      log += UntimedLogLine(random, (*random)() % 3 != 0, std::nullopt);
    for (size_t left = (*random)() % 30; left > 0; --left)
      log += UntimedLogLine(random, (*random)() % 10 != 0, second += static_cast<int64_t>((*random)() % 5));
  }
  return log;
}

}  // namespace gainsay

#endif  // GAINSAY_TESTS_UNTIMED_LOG_H_
