// The chunk reader against a slow twin that sees all bytes at once, under every border that a
// stream can put between them.
#include <algorithm>
#include <cstring>
#include <deque>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "input/chunk.h"

namespace gainsay {
namespace {

bool BeginsWithR(std::string_view line) { return !line.empty() && line[0] == 'R'; }

// One record of the slow twin: where it begins, and whether it is an overlong line.
struct Piece {
  size_t begin, end;
  uint64_t line;
  bool overlong;
};

// The contract, read aloud: records in order, cut at the cap, overlong lines by themselves.
std::vector<Piece> SlowPieces(std::string_view bytes, size_t cap) {
  std::vector<Piece> pieces;
  uint64_t line = 0;
  for (size_t start = 0; start < bytes.size();) {
    const size_t newline = std::min(bytes.find('\n', start), bytes.size());
    const size_t next = std::min(newline + 1, bytes.size());
    ++line;
    if (newline - start > cap) {
      pieces.push_back({start, next, line, true});
    } else if (pieces.empty() || pieces.back().overlong ||
               BeginsWithR(bytes.substr(start, newline - start)) || newline - pieces.back().begin > cap) {
      pieces.push_back({start, next, line, false});
    } else {
      pieces.back().end = next;
    }
    start = next;
  }
  return pieces;
}

// True where the twin says that a chunk has to end here: a forced cut, or an overlong line's borders.
bool MustCut(const std::vector<Piece>& pieces, size_t i, std::string_view bytes) {
  if (i == 0) return true;
  return pieces[i].overlong || pieces[i - 1].overlong || bytes[pieces[i].begin] != 'R';
}

// A chunk that outlives the reader's buffer.
struct Kept {
  std::string bytes;
  uint64_t first_line, offset, overlong_bytes;
};

struct Outcome {
  std::vector<Kept> chunks;
  absl::Status status;
  uint64_t bytes_read = 0;
};

Kept Copy(const Chunk& c) {
  EXPECT_TRUE(c.bytes.empty() != (c.overlong_bytes == 0));
  // The padding is there to be read: the sanitizers watch.
  std::string padded(c.bytes.size() + kChunkPadding, '\0');
  if (!c.bytes.empty()) std::memcpy(padded.data(), c.bytes.data(), padded.size());
  padded.resize(c.bytes.size());
  return {padded, c.first_line, c.offset, c.overlong_bytes};
}

// `given_away`: so many chunks are given away, each with a buffer that an earlier one lay in, before they are
// looked at.
Outcome Drain(std::unique_ptr<ByteStream> stream, ChunkOptions options,
              ChunkReader::StartsRecord starts = BeginsWithR, size_t given_away = 0) {
  Outcome outcome;
  std::deque<std::pair<Chunk, ChunkBuffer>> given;
  ChunkReader reader(std::move(stream), options, std::move(starts));
  while (true) {
    absl::StatusOr<std::optional<Chunk>> chunk = reader.Next();
    if (!chunk.ok()) {
      outcome.status = chunk.status();
      EXPECT_TRUE(reader.Next().ok());  // told once
      break;
    }
    if (!*chunk) break;
    const Chunk& c = **chunk;
    EXPECT_EQ(reader.bytes_read(), c.offset + c.bytes.size() + c.overlong_bytes);
    ChunkBuffer buffer;
    if (given.size() >= given_away && !given.empty()) {
      outcome.chunks.push_back(Copy(given.front().first));
      buffer = std::move(given.front().second);
      given.pop_front();
    }
    if (given_away == 0) {
      outcome.chunks.push_back(Copy(c));
    } else {
      given.emplace_back(c, c.bytes.empty() ? std::move(buffer) : reader.GiveAway(std::move(buffer)));
      EXPECT_EQ(reader.bytes_read(), c.offset + c.bytes.size() + c.overlong_bytes);
    }
  }
  for (const auto& [chunk, buffer] : given) outcome.chunks.push_back(Copy(chunk));
  EXPECT_FALSE(*reader.Next());
  outcome.bytes_read = reader.bytes_read();
  return outcome;
}

void ExpectAsTwin(const Outcome& outcome, const std::string& bytes, size_t cap, const std::string& where) {
  SCOPED_TRACE(where);
  const std::vector<Piece> pieces = SlowPieces(bytes, cap);
  size_t at = 0, piece = 0;
  for (const Kept& chunk : outcome.chunks) {
    ASSERT_LT(piece, pieces.size());
    ASSERT_EQ(chunk.offset, at);
    ASSERT_EQ(chunk.offset, pieces[piece].begin);
    ASSERT_EQ(chunk.first_line, pieces[piece].line);
    ASSERT_EQ(chunk.overlong_bytes > 0, pieces[piece].overlong);
    if (chunk.overlong_bytes == 0) {
      ASSERT_EQ(chunk.bytes, bytes.substr(at, chunk.bytes.size()));
    }
    at += chunk.bytes.size() + chunk.overlong_bytes;
    for (const size_t first = piece; piece < pieces.size() && pieces[piece].begin < at; ++piece) {
      ASSERT_TRUE(piece == first || !MustCut(pieces, piece, bytes))
          << "no cut before " << pieces[piece].begin;
      ASSERT_LE(pieces[piece].end, at) << "a record was cut in two";
    }
  }
  EXPECT_EQ(piece, pieces.size());
  EXPECT_EQ(at, bytes.size());
  EXPECT_EQ(outcome.bytes_read, bytes.size());
}

void CheckAllBorders(const std::string& bytes, size_t cap) {
  for (const size_t step : {size_t{1}, size_t{3}, size_t{17}, SIZE_MAX}) {
    for (const size_t chunk : {size_t{1}, size_t{2}, size_t{7}, size_t{50}, size_t{1} << 20}) {
      for (const bool live : {false, true}) {
        for (const size_t given_away : {size_t{0}, size_t{1}, size_t{3}}) {
          const Outcome outcome =
              Drain(MemoryStream(bytes, step), {chunk, cap, live}, BeginsWithR, given_away);
          EXPECT_TRUE(outcome.status.ok());
          ExpectAsTwin(outcome, bytes, cap,
                       testing::PrintToString(bytes.substr(0, 300)) + " step " + std::to_string(step) +
                           " chunk " + std::to_string(chunk) + " cap " + std::to_string(cap) +
                           (live ? " live" : "") + " given away " + std::to_string(given_away));
          if (testing::Test::HasFatalFailure() || testing::Test::HasFailure()) return;
        }
      }
    }
  }
}

TEST(CountLines, CountsAsOneByOne) {
  std::mt19937 random(4);
  for (int i = 0; i < 3'000; ++i) {
    std::vector<char> bytes(random() % (i % 10 == 0 ? 40'000 : 300));  // exactly as large, for ASan
    const auto seldom = 1 + random() % 20;
    for (char& c : bytes) c = random() % seldom == 0 ? '\n' : static_cast<char>(random());
    ASSERT_EQ(CountLines({bytes.data(), bytes.size()}),
              static_cast<uint64_t>(std::count(bytes.begin(), bytes.end(), '\n')));
  }
}

TEST(Chunk, EmptyStreamGivesNone) {
  const Outcome outcome = Drain(MemoryStream(""), {});
  EXPECT_TRUE(outcome.status.ok());
  EXPECT_TRUE(outcome.chunks.empty());
}

TEST(Chunk, TrickyBytesAsTheTwin) {
  const std::string nul("R\0\0\n\0\nR\0", 8);
  const std::string bytes[] = {
      "R",
      "\n",
      "\n\n\n",
      "x",
      "x\ny\nz",
      "R1\nR2\nR3\n",
      "R1\nR2\nR3",
      "R1\n c\n c\nR2\n c\n",
      "R1\r\n c\r\nR2\r\n\r\nR3\r\n",
      "\r\n\r\nR\r\r\n",
      "\xef\xbb\xbfR1\nR2\n",
      "\xef\xbb\xbf",
      nul,
      std::string(9, 'x') + "\nR1\n",               // overlong at the start
      "R1\n" + std::string(9, 'x') + "\n c\nR2\n",  // in the middle, a continuation behind it
      "R1\n" + std::string(9, 'x'),                 // at the end, without newline
      "R1\n" + std::string(9, 'R') + "\n",          // one that would start a record
      std::string(30, 'x'),                         // nothing but one
      std::string(20, 'x') + "\n" + std::string(20, 'y') + "\n",
      "R\n c\n c\n c\n c\n c\n c\n c\nR\n",  // a record longer than the cap
      "R12345678\nR1\n",                     // a line of cap + 1
      "R1234567\nR1\n",                      // a line of the cap
      "R123\nabc\nR\n",                      // a record of the cap
      "R123\nabcd\nR\n",                     // and one more
      "R1234567\n\nR1234567\n",              // an empty line too much
  };
  for (const std::string& text : bytes) {
    for (const size_t cap : {size_t{1}, size_t{2}, size_t{8}, size_t{1000}}) CheckAllBorders(text, cap);
  }
}

TEST(Chunk, RandomLinesAsTheTwin) {
  std::mt19937 random(7);
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  for (int round = 0; round < 400; ++round) {
    std::string bytes;
    const size_t start_of = 1 + below(6), longest = 1 + below(30);
    for (size_t lines = below(40); lines > 0; --lines) {
      if (below(start_of) == 0) bytes += 'R';
      bytes += std::string(below(longest), below(20) == 0 ? '\0' : 'x');
      if (below(25) == 0) bytes += std::string(60, 'y');
      if (below(5) == 0) bytes += '\r';
      if (lines > 1 || below(2) == 0) bytes += '\n';
    }
    CheckAllBorders(bytes, 5 + below(80));
    if (HasFailure()) return;
  }
}

TEST(Chunk, CutsWhereARecordEndsAndNotBefore) {
  const Outcome outcome =
      Drain(MemoryStream("R1\n c\nR2\nR3\n c\n"), {.chunk_bytes = 1, .max_line_bytes = 100});
  ASSERT_EQ(outcome.chunks.size(), 3u);
  EXPECT_EQ(outcome.chunks[0].bytes, "R1\n c\n");
  EXPECT_EQ(outcome.chunks[1].bytes, "R2\n");
  EXPECT_EQ(outcome.chunks[2].bytes, "R3\n c\n");
  EXPECT_EQ(outcome.chunks[1].first_line, 3u);
  EXPECT_EQ(outcome.chunks[2].offset, 9u);
}

TEST(Chunk, RecordLongerThanTheCapIsCutAtTheSameLineForAnyChunking) {
  std::string bytes = "R0\n";
  for (int i = 0; i < 100; ++i) bytes += " continued\n";
  bytes += "R1\n";
  // "R0\n" and eight lines are 91 bytes, the ninth would make it 101 (102 with its newline).
  for (const size_t chunk : {size_t{1}, size_t{64}, size_t{4096}}) {
    const Outcome outcome = Drain(MemoryStream(bytes), {.chunk_bytes = chunk, .max_line_bytes = 100});
    ASSERT_GT(outcome.chunks.size(), 2u);
    EXPECT_EQ(outcome.chunks[0].bytes.size(), 91u) << chunk;
    EXPECT_EQ(outcome.chunks[1].bytes.size(), 99u) << chunk;
  }
}

TEST(Chunk, OverlongLineIsCountedAndNotHeld) {
  const std::string bytes = "R1\n" + std::string(3'000'000, 'x') + "\nR2\n";
  const Outcome outcome = Drain(MemoryStream(bytes), {.chunk_bytes = 1000, .max_line_bytes = 5000});
  ASSERT_EQ(outcome.chunks.size(), 3u);
  EXPECT_EQ(outcome.chunks[1].overlong_bytes, 3'000'001u);
  EXPECT_EQ(outcome.chunks[1].first_line, 2u);
  EXPECT_EQ(outcome.chunks[1].offset, 3u);
  EXPECT_EQ(outcome.chunks[2].bytes, "R2\n");
  EXPECT_EQ(outcome.chunks[2].first_line, 3u);
}

TEST(Chunk, StartsRecordSeesWholeLinesWithoutNewlineOrByteOrderMark) {
  const std::string bytes = "\xef\xbb\xbfR0\r\nR1\r\nc\nR2";
  for (const size_t step : {size_t{1}, SIZE_MAX}) {
    const auto starts = [](std::string_view line) {
      EXPECT_TRUE(line == "R1" || line == "c" || line == "R2") << line;
      return BeginsWithR(line);
    };
    const Outcome outcome = Drain(MemoryStream(bytes, step), {.chunk_bytes = 1}, starts);
    std::string all;
    for (const Kept& chunk : outcome.chunks) all += chunk.bytes;
    EXPECT_EQ(all, bytes);
    EXPECT_EQ(outcome.chunks[0].bytes.substr(0, 3), "\xef\xbb\xbf");
  }
}

// Bytes, then an error; also tells how much was asked for before it came.
class BreakingStream : public ByteStream {
 public:
  explicit BreakingStream(std::string bytes) : rest_(MemoryStream(std::move(bytes), 5)) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    absl::StatusOr<size_t> n = rest_->Read(buffer, capacity);
    if (*n == 0) return absl::DataLossError("cut");
    return n;
  }

 private:
  std::unique_ptr<ByteStream> rest_;
};

TEST(Chunk, AnErrorComesAfterEverythingThatWasRead) {
  for (const std::string bytes : {"", "R1\n c\nR2\nR3 with", "R1\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "R1\n"}) {
    for (const size_t chunk : {size_t{1}, size_t{100}}) {
      const Outcome outcome = Drain(std::make_unique<BreakingStream>(bytes), {chunk, 20});
      EXPECT_EQ(outcome.status, absl::DataLossError("cut"));
      ExpectAsTwin(outcome, bytes, 20, bytes);
    }
  }
}

// Hands out one line per Read and fails the test when asked for more than it may be.
class OneLineAtATime : public ByteStream {
 public:
  explicit OneLineAtATime(std::vector<std::string> lines) : lines_(std::move(lines)) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t) override {
    EXPECT_LT(next, allowed) << "blocks on a live stream although a record is complete";
    if (next == lines_.size()) return size_t{0};
    std::memcpy(buffer, lines_[next].data(), lines_[next].size());
    return lines_[next++].size();
  }
  size_t next = 0, allowed = 0;

 private:
  std::vector<std::string> lines_;
};

TEST(Chunk, LiveStreamsHandOutWhatIsComplete) {
  auto owned = std::make_unique<OneLineAtATime>(std::vector<std::string>{"R1\n", " c\n", "R2\n", "R3\n"});
  OneLineAtATime* stream = owned.get();
  ChunkReader reader(std::move(owned), {.live = true}, BeginsWithR);
  stream->allowed = 3;
  absl::StatusOr<std::optional<Chunk>> chunk = reader.Next();
  ASSERT_TRUE(chunk.ok() && *chunk);
  EXPECT_EQ((*chunk)->bytes, "R1\n c\n");
  stream->allowed = 4;
  chunk = reader.Next();
  ASSERT_TRUE(chunk.ok() && *chunk);
  EXPECT_EQ((*chunk)->bytes, "R2\n");
}

TEST(Chunk, EveryLineIsLookedAtOnceHoweverLongNothingStarts) {
  std::string bytes = "R\n";
  const size_t lines = 200'000;
  for (size_t i = 0; i < lines; ++i) bytes += "continued\n";
  size_t calls = 0;
  const auto starts = [&calls](std::string_view line) {
    ++calls;
    return BeginsWithR(line);
  };
  // Small blocks under a cap that is never reached, one that often is, and tiny caps in large chunks.
  const ChunkOptions all[] = {{512, size_t{1} << 30}, {512, 100'000}, {size_t{1} << 20, 300}};
  for (const ChunkOptions& options : all) {
    calls = 0;
    Drain(MemoryStream(bytes), options, starts);
    EXPECT_LE(calls, 2 * lines + 10) << options.max_line_bytes;
  }
}

TEST(Chunk, ExtremeOptionsAreTakenAsTheNearestSensibleOnes) {
  for (const size_t extreme : {size_t{0}, SIZE_MAX}) {
    const Outcome outcome = Drain(MemoryStream("R1\nR\n"), {extreme, extreme});
    size_t sum = 0;
    for (const Kept& chunk : outcome.chunks) sum += chunk.bytes.size() + chunk.overlong_bytes;
    EXPECT_EQ(sum, 5u);
  }
}

TEST(Chunk, EndsAreAimedAtMultiplesAndTheFirstOneSooner) {
  std::string bytes;
  for (int i = 0; i < 400; ++i) bytes += "R2345678\n";
  ChunkOptions options;
  options.chunk_bytes = 1000;
  options.first_bytes = 100;
  options.count_lines = false;
  std::vector<uint64_t> begins;
  for (const Kept& chunk : Drain(MemoryStream(bytes), options).chunks) {
    begins.push_back(chunk.offset);
    EXPECT_EQ(chunk.first_line, 1u);
  }
  // The last record that begins before such an end is handed out with the next chunk: it may go on.
  EXPECT_EQ(begins, (std::vector<uint64_t>{0, 90, 990, 1989, 2988}));
}

TEST(Chunk, LineNumbersHoldOverManyNewlines) {
  // More newlines than fit into the byte sums of one round of the counter.
  for (const size_t newlines : {size_t{31}, size_t{32}, size_t{8160}, size_t{8161}, size_t{70'000}}) {
    const std::string bytes = std::string(newlines, '\n') + "R\n";
    const Outcome outcome = Drain(MemoryStream(bytes), {.chunk_bytes = bytes.size()});
    ASSERT_EQ(outcome.chunks.size(), 2u);
    EXPECT_EQ(outcome.chunks[1].first_line, newlines + 1);
  }
}

}  // namespace
}  // namespace gainsay
