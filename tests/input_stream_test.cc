// Streams from memory, plain and compressed: every cut of a small archive, damage, several members and
// frames, and what stands behind them.
#include <zlib.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "input/decompressor.h"
#include "input/stream.h"
#include "packing.h"
#include "stream_reading.h"

namespace gainsay {
namespace {

// Either what first bytes ask for, or one of the inflaters for gzip.
using Maker = std::unique_ptr<ByteStream> (*)(std::unique_ptr<ByteStream> raw);
Maker maker = nullptr;
std::unique_ptr<ByteStream> ByIsal(std::unique_ptr<ByteStream> raw) {
  return GzipStreamByIsal(std::move(raw));
}
std::unique_ptr<ByteStream> ByZlib(std::unique_ptr<ByteStream> raw) {
  return GzipStreamByZlib(std::move(raw));
}

Outcome Unpack(const std::string& bytes, size_t step = SIZE_MAX, size_t capacity = 1000) {
  if (maker != nullptr) return Drain(maker(MemoryStream(bytes, step)).get(), capacity);
  absl::StatusOr<std::unique_ptr<ByteStream>> stream = Decompress(MemoryStream(bytes, step));
  EXPECT_TRUE(stream.ok());
  return Drain(stream->get(), capacity);
}

// What zlib itself makes of the first bytes of a member, all at once.
std::string InflateAtOnce(const std::string& packed) {
  z_stream z = {};
  inflateInit2(&z, 16 + MAX_WBITS);
  std::string bytes(1 << 20, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  z.avail_in = static_cast<uInt>(packed.size());
  z.next_out = reinterpret_cast<Bytef*>(bytes.data());
  z.avail_out = static_cast<uInt>(bytes.size());
  inflate(&z, Z_NO_FLUSH);
  bytes.resize(bytes.size() - z.avail_out);
  inflateEnd(&z);
  return bytes;
}

const size_t kSteps[] = {1, 2, 5, 1000, SIZE_MAX};
const size_t kCapacities[] = {1, 7, 100'000};

void ExpectUnpacks(const std::string& packed, const std::string& bytes, const absl::Status& status) {
  for (const size_t step : kSteps) {
    for (const size_t capacity : kCapacities) {
      const Outcome outcome = Unpack(packed, step, capacity);
      ASSERT_EQ(outcome.bytes, bytes) << step << " " << capacity;
      ASSERT_EQ(outcome.status, status) << step << " " << capacity;
    }
  }
}

const absl::Status kCutGzip = absl::DataLossError("the gzip data ends in the middle of a member");
const absl::Status kDamagedGzip = absl::DataLossError("the gzip data is damaged (checksum or length differ)");
const absl::Status kCutZstd = absl::DataLossError("the zstd data ends in the middle of a frame");
const absl::Status kGarbageGzip = absl::DataLossError("garbage follows the gzip data");
const absl::Status kGarbageZstd = absl::DataLossError("garbage follows the zstd data");

TEST(Stream, PlainBytesPassThrough) {
  const std::string magic_in_the_middle = "abc\x1f\x8b\n";
  for (const std::string& bytes :
       {std::string(), std::string("a"), std::string("ab\n"), std::string("\x1f"), std::string("\x1f\x8c"),
        std::string("("), std::string("(\xb5 = 1)"), std::string("P*M"), std::string(5, '\0'),
        magic_in_the_middle, SampleText(99)}) {
    ExpectUnpacks(bytes, bytes, absl::OkStatus());
  }
}

// All of this for each of the inflaters.
class GzipBy : public testing::TestWithParam<Maker> {
 protected:
  void SetUp() override { maker = GetParam(); }
  void TearDown() override { maker = nullptr; }
};

INSTANTIATE_TEST_SUITE_P(Inflaters, GzipBy, testing::Values(Maker{}, &ByIsal, &ByZlib));

TEST_P(GzipBy, EveryCutGivesWhatCouldBeReadAndAnError) {
  // ISA-L decodes up to three letters at a time, or none of them.
  const size_t missing = GetParam() == &ByZlib ? 0 : 2;
  const std::string text = SampleText(40);
  const std::string packed = Gzip({text.substr(0, 300), text.substr(300)});
  for (size_t cut = 2; cut < packed.size(); ++cut) {
    const std::string head = packed.substr(0, cut);
    const std::string most = InflateAtOnce(head);
    const std::string expected = Unpack(head).bytes;
    ASSERT_EQ(expected, text.substr(0, expected.size()));
    ASSERT_GE(expected.size() + missing, most.size()) << "cut at " << cut;
    ExpectUnpacks(head, expected, kCutGzip);
    if (HasFatalFailure()) FAIL() << "cut at " << cut;
  }
  ExpectUnpacks(packed, text, absl::OkStatus());
}

TEST_P(GzipBy, MembersAndPadding) {
  const std::string a = Gzip({"first\n"}), b = Gzip({"second\n"}), none = Gzip({""});
  ExpectUnpacks(none, "", absl::OkStatus());
  ExpectUnpacks(a + b, "first\nsecond\n", absl::OkStatus());
  ExpectUnpacks(none + a + none + none + b + none, "first\nsecond\n", absl::OkStatus());
  ExpectUnpacks(a + std::string(1, '\0'), "first\n", absl::OkStatus());
  ExpectUnpacks(a + std::string(2000, '\0'), "first\n", absl::OkStatus());
  ExpectUnpacks(a + std::string(512, '\0') + b, "first\nsecond\n", absl::OkStatus());
  ExpectUnpacks(a + b.substr(0, b.size() - 1), "first\nsecond\n", kCutGzip);
  ExpectUnpacks(a + "\x1f", "first\n", kCutGzip);
  ExpectUnpacks("\x1f\x8b", "", kCutGzip);
}

TEST_P(GzipBy, TrailingGarbage) {
  const std::string a = Gzip({"first\n"});
  for (const std::string& garbage :
       {std::string("x"), std::string("plain text\n"), std::string("\0\0x", 3), std::string("\x1fxyz")}) {
    ExpectUnpacks(a + garbage, "first\n", kGarbageGzip);
    if (HasFatalFailure()) FAIL() << testing::PrintToString(garbage);
  }
  // What begins as a member does is a damaged one.
  ExpectUnpacks(a + "\x1f\x8b\x07 and more of it", "first\n",
                absl::DataLossError("the gzip data is damaged (unknown compression method)"));
}

TEST_P(GzipBy, DamageIsToldAfterTheBytes) {
  const std::string text = SampleText(40);
  std::string packed = Gzip({text});
  packed[packed.size() - 6] ^= 1;  // the checksum
  ExpectUnpacks(packed, text, kDamagedGzip);

  std::string length = Gzip({text});
  length[length.size() - 1] ^= 1;
  ExpectUnpacks(length, text, kDamagedGzip);
}

TEST_P(GzipBy, EveryFlippedByteIsToldAndHarmless) {
  const std::string text = SampleText(30), packed = Gzip({text});
  for (size_t i = 2; i < packed.size(); ++i) {
    std::string damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    const Outcome outcome = Unpack(damaged, 3, 64);  // ends, in bounds
    // What the header says of time and system is nobody's.
    EXPECT_TRUE(!outcome.status.ok() || (i < 10 && outcome.bytes == text)) << i;
  }
}

// A header with all that it may hold.
std::string LongHeader(const std::string& member, bool good_checksum) {
  std::string header("\x1f\x8b\x08\x1e\1\2\3\4\0\3", 10);
  header += std::string("\4\0\1\2\3\0", 6) + std::string("name.log\0", 9) + std::string("a comment\0", 10);
  uLong crc = crc32(0, reinterpret_cast<const Bytef*>(header.data()), static_cast<uInt>(header.size()));
  if (!good_checksum) ++crc;
  header += static_cast<char>(crc & 0xff);
  header += static_cast<char>(crc >> 8 & 0xff);
  return header + member.substr(10);
}

TEST_P(GzipBy, HeadersWithAllTheyMayHold) {
  const std::string plain = Gzip({"first\n"}), whole = LongHeader(plain, true);
  ExpectUnpacks(whole + plain + whole, "first\nfirst\nfirst\n", absl::OkStatus());
  const size_t header = whole.size() - plain.size() + 10;
  for (size_t cut = 2; cut <= header; ++cut) {
    ExpectUnpacks(plain + whole.substr(0, cut), "first\n", kCutGzip);
    if (HasFatalFailure()) FAIL() << "cut at " << cut;
  }
  ExpectUnpacks(plain + LongHeader(plain, false), "first\n",
                absl::DataLossError("the gzip data is damaged (header crc mismatch)"));
  std::string empty_extra("\x1f\x8b\x08\x0c\0\0\0\0\0\3\0\0name\0", 17);
  ExpectUnpacks(empty_extra + plain.substr(10), "first\n", absl::OkStatus());
}

// Damage in the middle of much data: all that stands before it, whatever the buffers are.
TEST_P(GzipBy, DamageFarInside) {
  std::string text;
  for (size_t i = 0; text.size() < 400'000; ++i) text += std::to_string(i * 2654435761u) + "\n";
  const std::string packed = Gzip({text.substr(0, 300'000), text.substr(300'000)});
  const size_t whole = Gzip({text.substr(0, 300'000), ""}).size() - 13;  // behind the first flush
  std::string damaged = packed;
  damaged[whole] = '\x07';  // a block of a type that there is none of
  for (const size_t capacity : {size_t{777}, size_t{1} << 18, size_t{1} << 20}) {
    const Outcome outcome = Unpack(damaged, SIZE_MAX, capacity);
    EXPECT_EQ(outcome.status.code(), absl::StatusCode::kDataLoss);
    EXPECT_GE(outcome.bytes.size(), 300'000u) << capacity;
    EXPECT_TRUE(outcome.bytes == text.substr(0, outcome.bytes.size()));
  }
}

TEST_P(GzipBy, LargeAndFarReachingMatches) {
  std::string text = SampleText(50'000) + std::string(3'000'000, 'a');
  EXPECT_TRUE(Unpack(Gzip({text})).bytes == text);
  EXPECT_TRUE(Unpack(Gzip({text}), 4096, 1 << 20).bytes == text);
}

TEST(Zstd, EveryCutGivesTheBlocksBeforeItAndAnError) {
  const std::vector<std::string> parts = {SampleText(5), std::string(500, 'r'), SampleText(20), "end"};
  std::vector<size_t> ends;
  const std::string packed = Zstd(parts, &ends), all = parts[0] + parts[1] + parts[2] + parts[3];
  for (size_t cut = 2; cut < packed.size(); ++cut) {
    std::string least, most;
    for (size_t i = 0; i < parts.size(); ++i) {
      if (ends[i] <= cut) least += parts[i];
    }
    const Outcome outcome = Unpack(packed.substr(0, cut));
    // The last block ends before its checksum. More may come: stored blocks need not be whole.
    most = cut >= ends.back() - 4 ? least + parts.back() : least;
    ASSERT_GE(outcome.bytes.size(), most.size()) << cut;
    ASSERT_EQ(outcome.bytes, all.substr(0, outcome.bytes.size())) << cut;
    ExpectUnpacks(packed.substr(0, cut), outcome.bytes, kCutZstd);
    if (HasFatalFailure()) FAIL() << "cut at " << cut;
  }
  ExpectUnpacks(packed, all, absl::OkStatus());
}

TEST(Zstd, FramesAndSkippableFrames) {
  const std::string a = Zstd({"first\n"}), b = Zstd({"second\n"}), none = Zstd({""});
  const std::string skip = SkippableFrame("something else"), empty_skip = SkippableFrame("");
  ExpectUnpacks(none, "", absl::OkStatus());
  ExpectUnpacks(a + b, "first\nsecond\n", absl::OkStatus());
  ExpectUnpacks(skip + a + empty_skip + none + b + skip, "first\nsecond\n", absl::OkStatus());
  ExpectUnpacks(skip, "", absl::OkStatus());
  ExpectUnpacks(empty_skip, "", absl::OkStatus());
  for (size_t cut = 1; cut < skip.size(); ++cut) {
    ExpectUnpacks(a + skip.substr(0, cut), "first\n", kCutZstd);
    if (HasFatalFailure()) FAIL() << "cut at " << cut;
  }
  ExpectUnpacks("\x28\xb5", "", kCutZstd);
  ExpectUnpacks("\x28\xb5\x2f", "", kCutZstd);
}

TEST(Zstd, TrailingGarbage) {
  const std::string a = Zstd({"first\n"});
  for (const std::string& garbage : {std::string("x"), std::string("more text\n"), std::string(1, '\0'),
                                     std::string("(not a frame)"), std::string("Q not one either")}) {
    ExpectUnpacks(a + garbage, "first\n", kGarbageZstd);
    if (HasFatalFailure()) FAIL() << testing::PrintToString(garbage);
  }
}

TEST(Zstd, DamageIsToldAfterTheBlocksBeforeIt) {
  const std::string text = SampleText(60);
  std::vector<size_t> ends;
  const std::string packed = Zstd({text.substr(0, 400), text.substr(400, 500), text.substr(900)}, &ends);
  std::string checksum = packed;
  checksum.back() ^= 1;
  const Outcome outcome = Unpack(checksum);
  EXPECT_EQ(outcome.bytes, text);
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kDataLoss);

  // The header of the third block says a type that there is none of: the first two must come out.
  std::string header = packed;
  header[ends[1]] = static_cast<char>(header[ends[1]] | 0x06);
  ExpectUnpacks(header, text.substr(0, 900), Unpack(header).status);
  EXPECT_EQ(Unpack(header).status.code(), absl::StatusCode::kDataLoss);
}

TEST(Zstd, EveryFlippedByteIsHarmless) {
  const std::string text = SampleText(33), packed = Zstd({text.substr(0, 500), text.substr(500)});
  for (size_t i = 4; i < packed.size(); ++i) {
    std::string damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    const Outcome outcome = Unpack(damaged, 3, 64);
    // The size of the window may be another without harm; nothing else may pass unseen.
    EXPECT_TRUE(!outcome.status.ok() || outcome.bytes == text) << i;
  }
}

TEST(Zstd, LargeFrames) {
  const std::string text = SampleText(50'000) + std::string(3'000'000, 'a');
  for (const std::string& packed : {Zstd({text}), Zstd({text}) + Zstd({text.substr(0, 700'000)})}) {
    for (const size_t step : {size_t{4096}, SIZE_MAX}) {
      const Outcome outcome = Unpack(packed, step, 1 << 18);
      EXPECT_TRUE(outcome.status.ok());
      EXPECT_TRUE(outcome.bytes.substr(0, text.size()) == text);
    }
  }
}

// Bytes, then a reading error.
class BreakingStream : public ByteStream {
 public:
  explicit BreakingStream(std::string bytes) : rest_(MemoryStream(std::move(bytes), 3)) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    EXPECT_FALSE(broken_) << "called again after an error";
    absl::StatusOr<size_t> n = rest_->Read(buffer, capacity);
    broken_ = *n == 0;
    if (broken_) return absl::UnavailableError("input/output error");
    return n;
  }

 private:
  std::unique_ptr<ByteStream> rest_;
  bool broken_ = false;
};

TEST(Stream, ReadingErrorsComeThroughAfterTheBytes) {
  const std::string text = "first\nsecond\n";
  const std::string plain_or_packed[] = {"", "f", "fi", text, Gzip({text}), Zstd({text})};
  for (const std::string& bytes : plain_or_packed) {
    auto stream = Decompress(std::make_unique<BreakingStream>(bytes));
    ASSERT_TRUE(stream.ok());
    const Outcome outcome = Drain(stream->get());
    EXPECT_EQ(outcome.status, absl::UnavailableError("input/output error"));
    EXPECT_EQ(outcome.bytes, bytes.size() > 10 ? text : bytes);
  }
}

}  // namespace
}  // namespace gainsay
