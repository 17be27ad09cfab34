// A stream read to its end, and a text to read. For tests of streams.
#ifndef GAINSAY_TESTS_STREAM_READING_H_
#define GAINSAY_TESTS_STREAM_READING_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "input/stream.h"

namespace gainsay {

struct Outcome {
  std::string bytes;
  absl::Status status;
};

inline Outcome Drain(ByteStream* stream, size_t capacity = 1000) {
  Outcome outcome;
  std::string buffer(capacity, '\0');
  while (true) {
    absl::StatusOr<size_t> n = stream->Read(buffer.data(), capacity);
    outcome.status = n.status();
    if (!n.ok() || *n == 0) return outcome;
    EXPECT_LE(*n, capacity);
    outcome.bytes.append(buffer, 0, *n);
  }
}

inline std::string SampleText(size_t lines) {
  std::string text;
  for (size_t i = 0; i < lines; ++i) {
    text += "line " + std::to_string(i * 7919 % 1000) + " of a log\n";
  }
  return text;
}

}  // namespace gainsay

#endif  // GAINSAY_TESTS_STREAM_READING_H_
