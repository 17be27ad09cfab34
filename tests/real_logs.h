// The logs that stand in the project: of real runs, of the samples, of single traps.
#ifndef GAINSAY_TESTS_REAL_LOGS_H_
#define GAINSAY_TESTS_REAL_LOGS_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "input/stream.h"

namespace gainsay {

// What the file holds, unpacked.
inline std::string Unpacked(const std::string& path) {
  absl::StatusOr<std::unique_ptr<ByteStream>> stream = OpenStream({path, path});
  EXPECT_TRUE(stream.ok()) << path;
  std::string text, block(size_t{1} << 16, '\0');
  while (stream.ok()) {
    const absl::StatusOr<size_t> n = (*stream)->Read(block.data(), block.size());
    if (!n.ok() || *n == 0) break;
    text.append(block, 0, *n);
  }
  return text;
}

inline std::vector<std::filesystem::path> RealLogs() {
  std::vector<std::filesystem::path> logs;
  for (const char* folder : {GAINSAY_SOURCE_DIR "/tests/corpus", GAINSAY_SOURCE_DIR "/samples",
                             GAINSAY_SOURCE_DIR "/tests/data"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      const bool log = name.find(".jsonl") != std::string::npos || name.find(".log") != std::string::npos;
      if (log && name.find("labels") == std::string::npos) logs.push_back(entry.path());
    }
  }
  std::sort(logs.begin(), logs.end());
  return logs;
}

}  // namespace gainsay

#endif  // GAINSAY_TESTS_REAL_LOGS_H_
