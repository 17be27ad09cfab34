// Where a chunk may end among woven lines: the reader asks seldom, and cuts as if it asked of each line.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "input/chunk.h"

namespace gainsay {
namespace {

// A record goes on behind a border if one of the lines before it says with which of the four lines behind.
GoesOn GoesOnBehind(std::string_view before, std::string_view from, bool enough, bool tells,
                    size_t* unknown_from) {
  size_t line = before.size();
  for (int i = 0; i < 4 && line > 0; ++i) {
    line = before.substr(0, line - 1).rfind('\n') + 1;  // npos + 1 == 0
    const char next = before[line + 1];
    if (next == '-') continue;
    if (!enough && tells) *unknown_from = line;
    if (!enough) return GoesOn::kUnknown;
    for (size_t at = 0, lines = 0; lines < 4 && at < from.size(); ++lines, at = from.find('\n', at) + 1) {
      if (from[at + 2] == next) return GoesOn::kYes;
    }
  }
  return GoesOn::kNo;
}

TEST(ChunkBorder, ThoseThatCantBeToldAreTheSameWhetherOrNotTheyAreAskedFor) {
  std::mt19937 random(8);
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    const auto seldom = 1 + random() % 6;
    const auto name = [&] { return random() % seldom == 0 ? static_cast<char>('a' + random() % 3) : '-'; };
    for (size_t lines = random() % 60; bytes.size() < lines * 4;) bytes += {'R', name(), name(), '\n'};
    for (const size_t step : {size_t{7}, SIZE_MAX}) {
      std::array<std::vector<uint64_t>, 2> begins;
      std::array<size_t, 2> asked = {0, 0};
      for (const bool tells : {false, true}) {
        ChunkOptions options;
        options.chunk_bytes = 41;
        options.border_lines = 4;
        ChunkReader reader(
            MemoryStream(bytes, step), options, [](std::string_view) { return true; },
            [&](std::string_view before, std::string_view from, bool enough, size_t* unknown_from) {
              ++asked[tells ? 1 : 0];
              return GoesOnBehind(before, from, enough, tells, unknown_from);
            });
        for (auto chunk = reader.Next(); chunk.ok() && *chunk; chunk = reader.Next())
          begins[tells ? 1 : 0].push_back((*chunk)->offset);
      }
      ASSERT_EQ(begins[0], begins[1]) << bytes;
      ASSERT_LE(asked[1], asked[0]) << bytes;
    }
  }
}

}  // namespace
}  // namespace gainsay
