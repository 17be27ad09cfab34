// Unpacking on several threads gives what unpacking front to back gives: the same bytes and the same error,
// whatever looks like the beginning of a part and is none. Built with -fsanitize=thread it shows that the
// threads share nothing but what is guarded.
#include "pipeline_unpack.h"

#include <atomic>
#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "input/members.h"
#include "members_reading.h"
#include "packing.h"
#include "pipeline_stats.h"
#include "temporary_directory.h"

namespace gainsay {
namespace {

// Text that packs badly, so that a little of it has several parts.
std::string Text(size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) text += "line " + std::to_string(random()) + "\n";
  return text;
}

ReadMembers Read(const std::string& path, size_t threads) {
  Source source{"log", path};
  UnpackOptions options;
  options.threads = threads;
  options.part_bytes = 3000;
  options.look_ahead = 50'000;
  options.waiting_blocks = 3;
  if (threads > 0) {
    source.unpack = [options](std::unique_ptr<PackedParts> file) {
      return UnpackApart(std::move(file), options);
    };
  }
  absl::StatusOr<std::unique_ptr<Members>> members = OpenSource(source, {});
  if (!members.ok()) return {{}, members.status()};
  return ReadAll(members->get(), 70'000);
}

void ExpectTheSame(const std::string& what, const std::string& packed) {
  const TemporaryDirectory directory;
  Put(directory.At("log"), packed);
  ReadMembers expected = Read(directory.At("log"), 0);
  for (const size_t threads : {1, 2, 4}) {
    EXPECT_EQ(Read(directory.At("log"), threads), expected) << what << ", " << threads << " threads";
  }
}

// Members or frames, and what their format has besides.
struct Format {
  std::string name;
  std::string (*pack)(const std::string& text);
  std::string magic;
};

class Unpack : public testing::TestWithParam<Format> {
 protected:
  std::string Parts(size_t number, size_t bytes) const {
    std::string packed;
    for (size_t i = 0; i < number; ++i) packed += GetParam().pack(Text(bytes, static_cast<unsigned>(i)));
    return packed;
  }
};

TEST_P(Unpack, OnePartOrMany) {
  ExpectTheSame("one", Parts(1, 300'000));
  ExpectTheSame("few large", Parts(5, 200'000));
  ExpectTheSame("many", Parts(300, 2000));
  ExpectTheSame("empty ones between", Parts(3, 30'000) + Parts(20, 0) + Parts(3, 30'000));
}

TEST_P(Unpack, AHundredThousandTinyParts) {
  const std::string tiny = GetParam().pack("a line of a log\n");
  std::string packed;
  for (int i = 0; i < 100'000; ++i) packed += tiny;
  ExpectTheSame("tiny", packed);
}

TEST_P(Unpack, CutAnywhere) {
  const std::string packed = Parts(6, 15'000);
  std::mt19937 random(1);
  for (int i = 0; i < 40; ++i) {
    const size_t size = random() % packed.size();
    ExpectTheSame("cut at " + std::to_string(size), packed.substr(0, size));
  }
}

TEST_P(Unpack, DamagedAnywhere) {
  const std::string good = Parts(6, 15'000);
  std::mt19937 random(2);
  for (int i = 0; i < 40; ++i) {
    std::string packed = good;
    const size_t at = 10 + random() % (packed.size() - 10);
    packed[at] = static_cast<char>(packed[at] ^ (1 << random() % 8));
    ExpectTheSame("damaged at " + std::to_string(at), packed);
  }
}

TEST_P(Unpack, GarbageBetweenAndBehind) {
  const std::string parts = Parts(3, 30'000);
  ExpectTheSame("garbage between", parts + "garbage" + parts);
  ExpectTheSame("garbage behind", parts + "garbage");
  ExpectTheSame("the beginning of a magic number", parts + GetParam().magic.substr(0, 2) + parts);
  ExpectTheSame("zeros between", parts + std::string(5000, '\0') + parts);
  ExpectTheSame("zeros behind", parts + std::string(5000, '\0'));
  ExpectTheSame("a magic number between", parts + GetParam().magic + parts);
}

// Packed text within packed text, stored as it is: whole members that are none of the file's.
TEST_P(Unpack, PartsWithinData) {
  std::string inner;
  for (unsigned i = 0; i < 30; ++i) inner += GetParam().pack(Text(4000, i)) + Text(50, i);
  for (int i = 0; i < 200; ++i) inner += GetParam().magic + std::string(3, '\0');
  ExpectTheSame("stored", Gzip({inner}, 0) + Gzip({inner}, 0) + Gzip({Text(50'000, 3)}));
  ExpectTheSame("packed", GetParam().pack(inner) + GetParam().pack(inner) + GetParam().pack(Text(50'000, 3)));
}

TEST_P(Unpack, Bombs) {
  const std::string bomb = GetParam().pack(std::string(20'000'000, 'a'));
  std::string packed = Parts(2, 20'000);
  for (int i = 0; i < 4; ++i) packed += bomb;
  ExpectTheSame("bombs", packed + Parts(2, 20'000));
}

// Nobody reads to the end: the threads end all the same.
TEST_P(Unpack, MayBeLeft) {
  const TemporaryDirectory directory;
  Put(directory.At("log"), Parts(50, 20'000));
  UnpackOptions options;
  options.threads = 4;
  options.part_bytes = 3000;
  options.waiting_blocks = 1;
  for (const size_t blocks : {0, 1, 3}) {
    Source source{"log", directory.At("log")};
    source.unpack = [&](std::unique_ptr<PackedParts> file) { return UnpackApart(std::move(file), options); };
    absl::StatusOr<std::unique_ptr<Members>> members = OpenSource(source, {});
    ASSERT_TRUE(members.ok());
    absl::StatusOr<std::optional<Member>> member = (*members)->Next();
    ASSERT_TRUE(member.ok() && *member);
    std::string buffer(1000, '\0');
    for (size_t i = 0; i < blocks; ++i) ASSERT_TRUE((*(*member)->stream)->Read(buffer.data(), 1000).ok());
  }
}

// A file in memory. A search that another thread than the owner's begins lasts until the owner leaves.
class SlowlySearched : public RandomAccess {
 public:
  explicit SlowlySearched(std::string bytes) : bytes_(std::move(bytes)) {}

  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer, size_t capacity) override {
    if (std::this_thread::get_id() != owner_ && !searched.exchange(true)) {
      leaves.wait(false);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the owner gets as far as to wait for us
    }
    return offset < bytes_.size() ? bytes_.copy(buffer, capacity, offset) : 0;
  }
  uint64_t size() const override { return bytes_.size(); }

  std::atomic<bool> searched = false, leaves = false;

 private:
  const std::string bytes_;
  const std::thread::id owner_ = std::this_thread::get_id();
};

// Nothing is begun for one who left while it was looked for.
TEST_P(Unpack, MayBeLeftDuringASearch) {
  SlowlySearched file(Parts(3, 1'000'000));  // of more blocks than may wait
  UnpackOptions options;
  options.part_bytes = 3000;
  options.waiting_blocks = 1;
  const auto packing = GetParam().name == "gzip" ? Packing::kGzip : Packing::kZstd;
  std::unique_ptr<ByteStream> stream =
      UnpackApart(std::make_unique<PackedParts>(nullptr, &file, packing), options);
  while (!file.searched) std::this_thread::yield();
  file.leaves = true;
  file.leaves.notify_all();
  stream = nullptr;
}

std::string OneMember(const std::string& text) { return Gzip({text}); }
std::string OneFrame(const std::string& text) { return Zstd({text, ""}); }

INSTANTIATE_TEST_SUITE_P(Formats, Unpack,
                         testing::Values(Format{"gzip", OneMember, "\x1f\x8b\x08"},
                                         Format{"zstd", OneFrame, "\x28\xb5\x2f\xfd"}),
                         [](const auto& format) { return format.param.name; });

TEST(UnpackZstd, FramesOfOtherKinds) {
  const std::string frame = Zstd({Text(30'000, 1), ""});
  std::string packed;
  for (int i = 0; i < 5; ++i) packed += SkippableFrame("abc") + frame;
  ExpectTheSame("skippable frames", packed + SkippableFrame(frame) + frame);
  // What needs a large window is never begun ahead.
  const std::string large = Zstd({Text(30'000, 2), ""}, nullptr, 27);
  ExpectTheSame("large windows", frame + large + large + frame + large + frame);
  const std::string too_large = Zstd({Text(30'000, 2), ""}, nullptr, 30);
  ExpectTheSame("a window that is too large", frame + frame + frame + too_large + frame);
}

// It is really done ahead: as many parts as there are, less the first ones.
TEST(UnpackStats, TellsOfPartsAhead) {
  const TemporaryDirectory directory;
  std::string packed;
  for (unsigned i = 0; i < 60; ++i) packed += Gzip({Text(40'000, i)});
  Put(directory.At("log"), packed);
  Source source{"log", directory.At("log")};
  UnpackOptions options;
  options.part_bytes = 3000;
  ScanStats stats;
  options.stats = &stats;
  source.unpack = [&](std::unique_ptr<PackedParts> file) {
    std::unique_ptr<ByteStream> stream = UnpackApart(std::move(file), options);
    while (stats.of(Stage::kUnpack).wall_ns == 0) std::this_thread::yield();
    return stream;
  };
  absl::StatusOr<std::unique_ptr<Members>> members = OpenSource(source, {});
  ASSERT_TRUE(members.ok());
  EXPECT_TRUE(ReadAll(members->get(), 70'000).AllWell());
  EXPECT_GT(stats.parts_ahead, 0u);
}

}  // namespace
}  // namespace gainsay
