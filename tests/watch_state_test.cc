// What a watch remembers over a restart: a fold that was saved and loaded anywhere tells what one that was
// never interrupted tells.
#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "builtin_engine.h"
#include "event/event_codec.h"
#include "pipeline_watch.h"
#include "random_events.h"
#include "real_logs.h"

namespace gainsay {
namespace {

const std::string kCorpus = GAINSAY_SOURCE_DIR "/tests/corpus/";

WatchOptions Options() {
  WatchOptions options;
  options.lateness_ns = kSecond / 2;
  options.settling.settle_ns = kSecond / 2;
  options.settling.retain_ns = 5 * kSecond;
  options.prefilter =
      false;  // where lines begin to be skipped depends on the pieces; watch_prefilter_test has it
  return options;
}

std::unique_ptr<WatchFold> NewFold() { return std::move(*WatchFold::Make(BuiltinEngine(), Options())); }

void Collect(WatchFold* fold, std::vector<std::string>* lines) {
  for (const WatchLine& line : fold->Take()) lines->push_back(line.json);
}

// Saved and loaded every so often; `most` bytes at a time.
std::vector<std::string> Lines(const std::string& text, size_t most, uint64_t seed, int saves_in_100) {
  std::vector<std::string> lines;
  std::mt19937_64 random(seed);
  std::unique_ptr<WatchFold> fold = NewFold();
  LivePosition from;
  from.source = "log";
  fold->AddStream(from, std::nullopt);
  for (size_t at = 0; at < text.size();) {
    const size_t size = std::min<size_t>(1 + random() % most, text.size() - at);
    fold->Feed(0, std::string_view(text).substr(at, size));
    Collect(fold.get(), &lines);
    at += size;
    if (static_cast<int>(random() % 100) >= saves_in_100) continue;
    const std::string state = fold->Save();
    fold = NewFold();
    EXPECT_TRUE(fold->Load(state).ok());
    EXPECT_TRUE(fold->Save() == state);
    at = fold->PositionOf(0).offset;
  }
  const absl::StatusOr<Document> rest = fold->Finish();
  EXPECT_TRUE(rest.ok()) << rest.status();
  Collect(fold.get(), &lines);
  if (rest.ok()) {
    std::ostringstream summary;
    Write(Format::kJsonl, *rest, {}, summary);
    lines.push_back(summary.str());
  }
  return lines;
}

TEST(WatchState, AFoldThatWasSavedGoesOnAsIfNothingHadBeen) {
  for (const char* log : {"journald-celery.jsonl.gz", "rq-text.log.gz", "journald-oneshot.jsonl.gz"}) {
    SCOPED_TRACE(log);
    const std::string text = Unpacked(kCorpus + log);
    const std::vector<std::string> whole = Lines(text, 100'000, 1, 0);
    EXPECT_GT(whole.size(), 20u);
    EXPECT_EQ(Lines(text, 20'000, 2, 30), whole);
    EXPECT_EQ(Lines(text, 3'000, 3, 3), whole);
  }
}

TEST(WatchState, DamagedBytesAreRefused) {
  std::unique_ptr<WatchFold> fold = NewFold();
  LivePosition from;
  from.source = "log";
  fold->AddStream(from, std::nullopt);
  fold->Feed(0, Unpacked(kCorpus + "rq-text.log.gz").substr(0, 60'000));
  const std::string state = fold->Save();
  EXPECT_GT(state.size(), 1000u);
  for (size_t size = 0; size < state.size(); size += 1 + state.size() / 200) {
    EXPECT_FALSE(NewFold()->Load(state.substr(0, size)).ok()) << size;
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 300; ++i) {  // may pass, must not crash: the file has a checksum
    std::string damaged = state;
    for (int j = 0; j < 3; ++j) damaged[random() % damaged.size()] = static_cast<char>(random());
    static_cast<void>(NewFold()->Load(damaged).ok());
  }
}

TEST(EventCodec, LosesNothing) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    tiny::Generator generator(seed);
    for (Event event : generator.Next().events) {
      event.captures = {{"a", "b"}, {"", ""}};
      event.time_ns = seed % 7 == 0 ? kNoTime : event.time_ns;
      std::string bytes, again;
      WireWriter writer(&bytes);
      WriteEvent(event, &writer);
      WireReader reader(bytes);
      const std::optional<KeptEvent> read = ReadEvent(&reader);
      ASSERT_TRUE(read && reader.at_end());
      WireWriter second(&again);
      WriteEvent(read->event(), &second);
      EXPECT_EQ(again, bytes);
      EXPECT_EQ(read->event().task, event.task);
      EXPECT_EQ(read->event().captures, event.captures);
      EXPECT_EQ(read->event().time_ns, event.time_ns);
    }
  }
}

}  // namespace
}  // namespace gainsay
