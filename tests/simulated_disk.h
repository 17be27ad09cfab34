// A directory that loses power. What was written but not synced survives a cut in any combination: each write
// whole, in part or not at all, each name as it was or as it became. It outlives the Disk that works on it,
// and can be told to misbehave: to fill up, to fail, or to be used in ways that a wrong protocol would use
// it.
#ifndef GAINSAY_TESTS_SIMULATED_DISK_H_
#define GAINSAY_TESTS_SIMULATED_DISK_H_

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "watch/disk.h"
#include "watch/state_file.h"

namespace gainsay {

// A protocol that is wrong in one place.
enum class Sabotage {
  kNone,
  kNoFindingsSync,
  kNoStateSync,
  kNoDirectorySync,
  kFindingsSyncLast,  // after the rename and the directory
  kWposIsLength,      // the state says how long findings.jsonl is, not how far the fold has come
  kNoWpos,            // it always says 0
  kNoCut,             // what is no line stays
  kErrorsPassedOver,  // a sync that failed counts as done
  kOneGeneration,     // written where the last one stands
};

struct PowerCut {};  // thrown where the machine stops

class SimulatedDirectory {
 public:
  SimulatedDirectory(uint32_t seed, Sabotage sabotage) : random_(seed), sabotage_(sabotage) {}

  uint32_t Pick(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  bool Chance(uint32_t percent) { return Pick(100) < percent; }

  // The machine stops in the middle of the operation after this many.
  void CutAfter(uint32_t operations) { left_ = operations; }
  void set_errors(uint32_t no_space_percent, uint32_t io_percent) {
    no_space_ = no_space_percent;
    io_ = io_percent;
  }

  void Kill() { open_.clear(); }  // the process is gone, what it wrote is not
  void LosePower();
  std::string Contents(const std::string& name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? "" : files_.at(found->second).now;
  }
  bool Exists(const std::string& name) const { return names_.count(name) > 0; }
  void FlipBit(const std::string& name) {
    File& file = files_[names_.at(name)];
    if (!file.now.empty()) file.now[Pick(static_cast<uint32_t>(file.now.size()))] ^= 4;
    file.durable = file.now;
    file.changes.clear();
  }

  std::unique_ptr<Disk> Mount();

 private:
  friend class SimulatedDisk;
  struct Change {
    bool truncate = false;
    uint64_t at = 0;
    std::string bytes;
  };
  struct File {
    std::string durable, now;
    std::vector<Change> changes;  // from durable to now
  };
  struct Naming {
    std::string set, erase;  // "" : nothing
    int id = 0;
  };

  static void Apply(const Change& change, std::string* bytes) {
    if (change.truncate) return bytes->resize(change.at);
    if (bytes->size() < change.at + change.bytes.size()) bytes->resize(change.at + change.bytes.size());
    bytes->replace(change.at, change.bytes.size(), change.bytes);
  }
  std::string SomeOf(const File& file);
  static void Apply(const Naming& naming, std::map<std::string, int>* names) {
    if (!naming.erase.empty()) names->erase(naming.erase);
    if (!naming.set.empty()) (*names)[naming.set] = naming.id;
  }
  void Step() {
    if (left_ == 0) throw PowerCut();
    --left_;
  }

  std::mt19937 random_;
  Sabotage sabotage_;
  uint32_t left_ = UINT32_MAX, no_space_ = 0, io_ = 0;
  std::map<int, File> files_;
  int next_id_ = 1;
  std::map<std::string, int> durable_names_, names_;
  std::vector<Naming> namings_;
  std::map<int, int> open_;  // descriptor -> file
  int next_fd_ = 3;
};

inline std::string SimulatedDirectory::SomeOf(const File& file) {
  std::string bytes = file.durable;
  for (Change change : file.changes) {
    if (Chance(40)) continue;
    if (!change.truncate && Chance(20)) change.bytes.resize(Pick(static_cast<uint32_t>(change.bytes.size())));
    Apply(change, &bytes);
  }
  return bytes;
}

inline void SimulatedDirectory::LosePower() {
  Kill();
  for (auto& [id, file] : files_) {
    file.now = file.durable = SomeOf(file);
    file.changes.clear();
  }
  for (const Naming& naming : namings_) {
    if (Chance(50)) Apply(naming, &durable_names_);
  }
  namings_.clear();
  names_ = durable_names_;
}

class SimulatedDisk : public Disk {
 public:
  explicit SimulatedDisk(SimulatedDirectory* directory) : all_(*directory) {}

  int OpenFile(const char* name, Open how) override {
    all_.Step();
    const bool there = all_.Exists(name);
    if (!there && how == Open::kRead) return -ENOENT;
    if (there && how == Open::kNew) return -EEXIST;
    if (!there) {
      all_.files_[all_.next_id_] = {};
      Name({name, "", all_.next_id_++});
    }
    all_.open_[all_.next_fd_] = all_.names_[name];
    if (std::string(name) == "findings.jsonl") findings_ = all_.names_[name];
    return all_.next_fd_++;
  }
  int64_t Size(int fd) override { return static_cast<int64_t>(Of(fd).now.size()); }
  int64_t Read(int fd, char* bytes, size_t size, uint64_t offset) override {
    const std::string& now = Of(fd).now;
    if (offset >= now.size()) return 0;
    const size_t n = std::min({size, now.size() - offset, size_t{1} + all_.Pick(5000)});
    std::memcpy(bytes, now.data() + offset, n);
    return static_cast<int64_t>(n);
  }
  int64_t Write(int fd, const char* bytes, size_t size, uint64_t offset) override {
    all_.Step();
    std::string what(bytes, size);
    if (all_.open_.at(fd) != findings_) what = Twisted(what);
    const bool part = what.size() == size && all_.Chance(10);
    if (part) what.resize(1 + all_.Pick(static_cast<uint32_t>(size)));
    if (all_.Chance(all_.no_space_)) return -ENOSPC;
    Change(fd, {false, offset, what});
    return static_cast<int64_t>(part ? what.size() : size);
  }
  int Truncate(int fd, uint64_t size) override {
    all_.Step();
    if (all_.sabotage_ != Sabotage::kNoCut) Change(fd, {true, size, ""});
    return 0;
  }
  int SyncData(int fd) override {
    if (all_.sabotage_ == Sabotage::kNoFindingsSync) return 0;
    if (all_.sabotage_ == Sabotage::kFindingsSyncLast) return late_ = fd, 0;
    return SyncNow(fd);
  }
  int Sync(int fd) override {
    if (all_.sabotage_ == Sabotage::kNoStateSync) return 0;
    return SyncNow(fd);
  }
  void Close(int fd) override { all_.open_.erase(fd); }
  int Rename(const char* from, const char* to) override {
    all_.Step();
    if (all_.sabotage_ == Sabotage::kOneGeneration) return InPlace(from, to);
    Name({to, from, all_.names_.at(from)});
    return 0;
  }
  int Remove(const char* name) override {
    if (!all_.Exists(name)) return -ENOENT;
    all_.Step();
    Name({"", name, 0});
    return 0;
  }
  int SyncDirectory() override {
    all_.Step();
    if (all_.sabotage_ != Sabotage::kNoDirectorySync) {
      all_.durable_names_ = all_.names_;
      all_.namings_.clear();
    }
    if (late_ >= 0) SyncNow(std::exchange(late_, -1));
    return 0;
  }

 private:
  using Directory = SimulatedDirectory;
  Directory::File& Of(int fd) { return all_.files_.at(all_.open_.at(fd)); }
  void Name(Directory::Naming naming) {
    Directory::Apply(naming, &all_.names_);
    all_.namings_.push_back(std::move(naming));
  }
  void Change(int fd, Directory::Change change) {
    Directory::Apply(change, &Of(fd).now);
    Of(fd).changes.push_back(std::move(change));
  }
  // An error lets go of what could not be written, as the kernel does, and is told once.
  int SyncNow(int fd) {
    all_.Step();
    Directory::File& file = Of(fd);
    const int error = all_.Chance(all_.io_) ? -EIO : all_.Chance(all_.no_space_) ? -ENOSPC : 0;
    file.now = file.durable = error == 0 ? file.now : all_.SomeOf(file);
    file.changes.clear();
    return all_.sabotage_ == Sabotage::kErrorsPassedOver ? 0 : error;
  }
  // The state with a wrong wpos.
  std::string Twisted(const std::string& bytes) {
    const bool length = all_.sabotage_ == Sabotage::kWposIsLength;
    if (!length && all_.sabotage_ != Sabotage::kNoWpos) return bytes;
    absl::StatusOr<StateFile> state = DecodeState(bytes);
    if (!state.ok()) return bytes;
    state->wpos = length ? all_.files_.at(findings_).now.size() : 0;
    return EncodeState(*state);
  }
  int InPlace(const char* from, const char* to) {
    const std::string bytes = all_.Contents(from);
    const std::string one = "state.a";
    Directory::File& target = all_.files_[all_.Exists(one) ? all_.names_.at(one) : all_.next_id_];
    if (!all_.Exists(one)) Name({one, "", all_.next_id_++});
    (void)to;
    for (Directory::Change change : {Directory::Change{true, 0, ""}, Directory::Change{false, 0, bytes}}) {
      Directory::Apply(change, &target.now);
      target.changes.push_back(change);
      all_.Step();
    }
    target.durable = target.now;
    target.changes.clear();
    return Remove(from);
  }

  SimulatedDirectory& all_;
  int findings_ = 0, late_ = -1;
};

inline std::unique_ptr<Disk> SimulatedDirectory::Mount() { return std::make_unique<SimulatedDisk>(this); }

}  // namespace gainsay

#endif  // GAINSAY_TESTS_SIMULATED_DISK_H_
