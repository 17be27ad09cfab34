// The checkpoint protocol against crashes and the loss of power, at every operation, with checkpoints at
// random moments: no finding is lost and none is written twice. And the model can tell: protocols that are
// wrong in one place are caught. (To sync the state only after the rename and the directory, but before
// anybody is told, is not wrong: the generation before stands.) GAINSAY_MODEL_RUNS=400000 runs it for long.
#include <cstdlib>
#include <deque>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "simulated_disk.h"
#include "watch/state_dir.h"

namespace gainsay {
namespace {

int Runs(int fallback) {
  const char* runs = std::getenv("GAINSAY_MODEL_RUNS");
  return runs == nullptr ? fallback : std::atoi(runs);
}

constexpr uint32_t kRecords = 60;

// What happens to it in a run.
struct Weather {
  bool forgets = false;   // the source drops what lies before a checkpoint that was confirmed
  bool power = false;     // else it is only killed
  bool errors = false;    // no space, and syncs that fail
  bool rules = false;     // replaced from life to life; states get damaged
  bool shuffles = false;  // the source gives records in another order in each life
};

std::string Key(std::string_view line) {
  const size_t at = line.find("\"id\":\"");
  return at == std::string_view::npos ? ""
                                      : std::string(line.substr(at + 6, line.find('"', at + 6) - at - 6));
}

// A fold: a record that is a multiple of 3 or 5 is a finding, told three records later or when all is quiet.
struct Fold {
  uint32_t next = 0;  // position
  std::deque<uint32_t> open;

  std::string Saved() const {
    std::string text;
    for (uint32_t record : open) text += std::to_string(record) + " ";
    return text;
  }
  void Load(uint32_t position, const std::string& text) {
    next = position;
    std::istringstream in(text);
    for (uint32_t record; in >> record;) open.push_back(record);
  }
};

bool IsFinding(uint32_t record) { return record % 3 == 0 || record % 5 == 0; }
std::string Finding(uint32_t record) {
  return "{\"type\":\"finding\",\"id\":\"" + std::to_string(record) + "\",\"text\":\"" +
         std::string(record % 40, 'x') + "\"}";
}
std::string Watermark(uint32_t position) {
  return "{\"type\":\"watermark\",\"at\":" + std::to_string(position) + "}";
}

class World {
 public:
  World(uint32_t seed, const Weather& weather, Sabotage sabotage) : disk_(seed, sabotage), weather_(weather) {
    if (weather.errors) disk_.set_errors(3, 1);
  }

  // "" or what went wrong.
  std::string Run() {
    for (int life = 0; life < 200; ++life) {
      const bool last = life >= 2 + static_cast<int>(disk_.Pick(6));
      disk_.CutAfter(last ? UINT32_MAX : disk_.Pick(150));
      if (last) disk_.set_errors(0, 0);
      try {
        const bool ended = Live();
        if (!wrong_.empty()) return wrong_;
        if (ended) return Judge();
      } catch (const PowerCut&) {
      }
      weather_.power&& disk_.Chance(70) ? disk_.LosePower() : disk_.Kill();
      if (weather_.rules && disk_.Chance(20)) rules_ = disk_.Chance(50) ? "r1" : "r2";
      Damage();
    }
    return "never came to an end";
  }

 private:
  void Damage() {
    if (!weather_.rules || !disk_.Chance(20)) return;
    const std::string name = disk_.Chance(50) ? "state.a" : "state.b";
    if (disk_.Exists(name)) disk_.FlipBit(name);
  }

  // True at the end of the input; false if this life ended before, for reasons of its own.
  bool Live() {
    absl::StatusOr<std::unique_ptr<StateDir>> opened = StateDir::Open(disk_.Mount(), rules_, Key);
    if (!opened.ok()) return Stop(opened.status());
    StateDir& dir = **opened;
    Fold fold;
    if (dir.resumed())
      fold.Load(static_cast<uint32_t>(std::stoul(dir.resumed()->sources)), dir.resumed()->fold);
    std::vector<uint32_t> order = Order(fold.next);
    if (fold.next < kept_from_) {
      fold.next = kept_from_;
      if (!dir.BreakReplay().ok()) return false;
    }
    if (weather_.shuffles && !dir.BreakReplay().ok()) return false;
    if (disk_.Chance(50) && !Checkpoint(&dir, fold)) return false;
    while (fold.next < kRecords) {
      Quiet(&dir, &fold);
      const uint32_t record = order[fold.next++];
      if (IsFinding(record)) fold.open.push_back(record);
      while (!fold.open.empty() && fold.open.size() > 2) Settle(&dir, &fold);
      if (stopped_) return stopped_ = false;
      if (disk_.Chance(12) && !Checkpoint(&dir, fold)) return false;
    }
    while (!fold.open.empty()) Settle(&dir, &fold);
    if (stopped_) return stopped_ = false;
    return Checkpoint(&dir, fold) && dir.unwritten_bytes() == 0;
  }

  std::vector<uint32_t> Order(uint32_t from) {
    std::vector<uint32_t> order;
    for (uint32_t i = 0; i < kRecords; ++i) order.push_back(i);
    // Within pieces that no resumed position parts.
    for (uint32_t i = from; weather_.shuffles && i + 1 < kRecords; i += 2) {
      if (disk_.Chance(50)) std::swap(order[i], order[i + 1]);
    }
    return order;
  }

  // Nothing comes for a while: what is open is told. In a replay only where it was then.
  void Quiet(StateDir* dir, Fold* fold) {
    const std::string mark = Watermark(fold->next);
    const std::optional<std::string_view> expected = dir->Expected();
    const bool now = expected ? *expected == mark : disk_.Chance(8);
    if (!now || stopped_) return;
    Tell(dir, mark);
    while (!fold->open.empty()) Settle(dir, fold);
  }

  void Settle(StateDir* dir, Fold* fold) {
    const uint32_t record = fold->open.front();
    fold->open.pop_front();
    Tell(dir, Finding(record));
  }

  void Tell(StateDir* dir, const std::string& line) {
    if (stopped_) return;
    const absl::StatusOr<StateDir::Emitted> emitted = dir->Emit(line);
    if (!emitted.ok()) {
      stopped_ = true;
      Stop(emitted.status());
    } else if (*emitted != StateDir::Emitted::kKnown) {
      told_.insert(line);
    }
  }

  bool Checkpoint(StateDir* dir, const Fold& fold) {
    if (weather_.shuffles && fold.next % 2 == 1) return true;
    const absl::Status status = dir->Checkpoint(std::to_string(fold.next), fold.Saved());
    if (absl::IsResourceExhausted(status)) return true;
    if (!status.ok()) return Stop(status);
    if (weather_.forgets) kept_from_ = fold.next;
    return true;
  }

  bool Stop(const absl::Status& status) {
    if (absl::IsFailedPrecondition(status)) wrong_ = std::string(status.message());
    return false;  // an error of the disk, which ends a life with exit code 4
  }

  std::string Judge() {
    std::map<std::string, int> lines;
    std::istringstream in(disk_.Contents("findings.jsonl"));
    for (std::string line; std::getline(in, line);) ++lines[line];
    for (uint32_t record = 0; record < kRecords; ++record) {
      if (!IsFinding(record)) continue;
      const int n = lines[Finding(record)];
      if (n != 1)
        return "finding " + std::to_string(record) + " stands there " + std::to_string(n) + " times";
      if (told_.count(Finding(record)) == 0) return "finding " + std::to_string(record) + " was never told";
    }
    for (const auto& [line, n] : lines) {
      if (!line.starts_with('{') || !line.ends_with('}')) return "no line of ours: " + line;
    }
    return "";
  }

  SimulatedDirectory disk_;
  Weather weather_;
  std::string rules_ = "r1";
  uint32_t kept_from_ = 0;
  std::set<std::string> told_;  // standard output, over all lives
  std::string wrong_;
  bool stopped_ = false;
};

// The first run of `runs` that goes wrong, or "".
std::string FirstWrong(const Weather& weather, Sabotage sabotage, int runs) {
  for (int seed = 0; seed < runs; ++seed) {
    const std::string wrong = World(static_cast<uint32_t>(seed), weather, sabotage).Run();
    if (!wrong.empty()) return "seed " + std::to_string(seed) + ": " + wrong;
  }
  return "";
}

TEST(StateModel, KilledItLosesNothing) {
  EXPECT_EQ(FirstWrong({.forgets = true}, Sabotage::kNone, Runs(2000)), "");
}

TEST(StateModel, WithoutPowerItLosesNothing) {
  EXPECT_EQ(FirstWrong({.forgets = true, .power = true}, Sabotage::kNone, Runs(4000)), "");
}

TEST(StateModel, OnAFullOrFailingDiskItLosesNothing) {
  EXPECT_EQ(FirstWrong({.forgets = true, .power = true, .errors = true}, Sabotage::kNone, Runs(4000)), "");
}

TEST(StateModel, OtherRulesAndDamagedStatesDoubleNothing) {
  EXPECT_EQ(FirstWrong({.power = true, .rules = true}, Sabotage::kNone, Runs(4000)), "");
}

TEST(StateModel, RecordsInAnotherOrderDoubleNothing) {
  EXPECT_EQ(FirstWrong({.power = true, .shuffles = true}, Sabotage::kNone, Runs(4000)), "");
}

TEST(StateModel, WrongProtocolsAreCaught) {
  const std::pair<Sabotage, const char*> kWrong[] = {
      {Sabotage::kNoFindingsSync, "findings not synced"},
      {Sabotage::kNoStateSync, "state not synced"},
      {Sabotage::kNoDirectorySync, "directory not synced"},
      {Sabotage::kFindingsSyncLast, "findings synced last"},
      {Sabotage::kWposIsLength, "wpos is the length of the file"},
      {Sabotage::kNoWpos, "no wpos"},
      {Sabotage::kNoCut, "half lines stay"},
      {Sabotage::kErrorsPassedOver, "errors of syncs passed over"},
      {Sabotage::kOneGeneration, "one generation, written in place"},
  };
  for (const auto& [sabotage, name] : kWrong) {
    const Weather weather{.forgets = true, .power = true, .errors = sabotage == Sabotage::kErrorsPassedOver};
    const std::string wrong = FirstWrong(weather, sabotage, 20000);
    EXPECT_NE(wrong, "") << name;
    std::cout << name << ": " << wrong << "\n";
  }
}

}  // namespace
}  // namespace gainsay
