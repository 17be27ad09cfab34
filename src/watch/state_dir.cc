// A checkpoint is: findings durable; the state written beside its place and durable; renamed onto the older
// of two generations; the directory durable; and only then is anybody told. The state says how far into
// findings.jsonl the fold had come (wpos). What lies behind wpos at a restart was written by a fold that had
// read on: the new fold reads the same records, so it must produce the same lines, and each one that it does
// only moves wpos. Where it need not produce the same, lines between two offsets ("known") are told by their
// keys, and the state remembers the offsets.
#include "watch/state_dir.h"

#include <algorithm>
#include <cerrno>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace gainsay {
namespace {

constexpr const char* kSlots[] = {"state.a", "state.b"};  // generations that are even, odd
constexpr char kTemporary[] = "tmp";
constexpr int64_t kMostStateBytes = int64_t{1} << 30;

absl::Status In(const char* name, const absl::Status& status) {
  return {status.code(), absl::StrCat(name, ": ", std::string(status.message()))};
}

// Power was lost before all of it was on the disk. (A report holds no NUL: it escapes them.)
bool IsTorn(std::string_view line) { return line.find('\0') != std::string_view::npos; }

uint64_t HashOf(const std::string& key) { return std::hash<std::string>{}(key); }

}  // namespace

absl::StatusOr<std::unique_ptr<StateDir>> StateDir::Open(const std::string& path, std::string rules,
                                                         KeyOf key_of) {
  absl::StatusOr<std::unique_ptr<Disk>> disk = OpenDirectory(path);
  if (!disk.ok()) return disk.status();
  absl::StatusOr<std::unique_ptr<StateDir>> opened =
      Open(*std::move(disk), std::move(rules), std::move(key_of));
  if (opened.ok()) return opened;
  return absl::Status(opened.status().code(),
                      absl::StrCat(path, "/", std::string(opened.status().message())));
}

absl::StatusOr<std::unique_ptr<StateDir>> StateDir::Open(std::unique_ptr<Disk> disk, std::string rules,
                                                         KeyOf key_of) {
  std::unique_ptr<StateDir> dir(new StateDir(std::move(disk), std::move(rules), std::move(key_of)));
  if (absl::Status begun = dir->Begin(); !begun.ok()) return begun;
  return dir;
}

absl::StatusOr<std::optional<StateFile>> StateDir::ReadGeneration(int slot, bool* damaged) {
  const int fd = disk_->OpenFile(kSlots[slot], Disk::Open::kRead);
  if (fd == -ENOENT) return std::nullopt;
  if (fd < 0) return DiskStatus(kSlots[slot], fd);
  const int64_t size = disk_->Size(fd);
  std::string bytes(static_cast<size_t>(std::clamp<int64_t>(size, 0, kMostStateBytes)), '\0');
  size_t read = 0;
  for (int64_t n = 1; n > 0 && read < bytes.size(); read += static_cast<size_t>(std::max<int64_t>(n, 0))) {
    n = disk_->Read(fd, bytes.data() + read, bytes.size() - read, read);
  }
  disk_->Close(fd);
  bytes.resize(read);
  absl::StatusOr<StateFile> state = DecodeState(bytes);
  if (absl::IsFailedPrecondition(state.status())) return In(kSlots[slot], state.status());
  if (state.ok() && state->generation % 2 == static_cast<uint64_t>(slot)) return *std::move(state);
  notes_.push_back(absl::StrCat(kSlots[slot], " is damaged"));
  *damaged = true;
  return std::nullopt;
}

absl::Status StateDir::Begin() {
  if (absl::Status opened = findings_.Open(); !opened.ok()) return opened;
  bool damaged = false;
  std::optional<StateFile> newest;
  for (int slot = 0; slot < 2; ++slot) {
    absl::StatusOr<std::optional<StateFile>> state = ReadGeneration(slot, &damaged);
    if (!state.ok()) return state.status();
    if (*state && (!newest || (*state)->generation > newest->generation)) newest = *std::move(*state);
  }
  const bool had_findings = findings_.end() > 0;
  if (newest && findings_.end() < newest->wpos) {
    notes_.push_back("findings.jsonl is shorter than it was: somebody cut or replaced it");
  }
  const uint64_t durable = newest ? std::min(newest->wpos, findings_.end()) : 0;
  if (absl::Status cut = CutTorn(durable); !cut.ok()) return cut;
  if (newest) generation_ = newest->generation;
  if (newest && newest->rules == rules_ && !(newest->sources.empty() && newest->fold.empty())) {
    base_ = *std::move(newest);
    const absl::Status resumed = Resume();
    // What the damaged generation said of lines known by their keys is lost: they are from here on.
    return resumed.ok() && damaged ? BreakReplay() : resumed;
  }
  start_ = newest ? Start::kOtherRules : damaged || had_findings ? Start::kLost : Start::kNew;
  wpos_ = known_to_ = findings_.end();
  const absl::Status known = KnowLines(0, known_to_, false);
  return known.ok() && newest ? ForgetState() : known;
}

// Should the former rules come back before the next checkpoint, the lines that are written until then aren't
// theirs.
absl::Status StateDir::ForgetState() {
  const absl::Status written = Checkpoint("", "");
  return absl::IsResourceExhausted(written) ? absl::OkStatus() : written;
}

// Keeps the whole lines from `from` on up to the first torn one: what follows that was written no earlier.
absl::Status StateDir::CutTorn(uint64_t from) {
  FindingsLines lines(findings_, from, findings_.end());
  uint64_t whole = from;
  std::string_view line;
  for (absl::StatusOr<bool> more = lines.Next(&line);; more = lines.Next(&line)) {
    if (!more.ok()) return more.status();
    if (!*more || IsTorn(line)) break;
    whole = lines.end();
  }
  return findings_.Cut(whole);
}

absl::Status StateDir::Resume() {
  start_ = Start::kResumed;
  wpos_ = std::min(base_.wpos, findings_.end());
  known_from_ = std::min(base_.known_from, wpos_);
  known_to_ = std::min(base_.known_to, wpos_);
  char last = '\n';
  if (wpos_ > 0 && disk_->Read(findings_.fd(), &last, 1, wpos_ - 1) == 1 && last != '\n') {
    return absl::FailedPreconditionError(
        "findings.jsonl: is not the file that the state beside it speaks of");
  }
  if (absl::Status known = KnowLines(known_from_, known_to_, false); !known.ok()) return known;
  tail_.emplace(findings_, wpos_, findings_.end());
  return NextExpected();
}

absl::Status StateDir::KnowLines(uint64_t from, uint64_t to, bool again) {
  FindingsLines lines(findings_, from, to);
  std::string_view line;
  for (absl::StatusOr<bool> more = lines.Next(&line);; more = lines.Next(&line)) {
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    const std::string key = key_of_(line);
    if (!key.empty()) known_.emplace(HashOf(key), again ? Emitted::kAgain : Emitted::kKnown);
  }
}

absl::Status StateDir::NextExpected() {
  std::string_view line;
  const absl::StatusOr<bool> more = tail_->Next(&line);
  if (!more.ok()) return more.status();
  expected_ = *more ? line : "";
  if (!*more) tail_.reset();
  return absl::OkStatus();
}

std::optional<std::string_view> StateDir::Expected() const {
  return tail_ ? std::optional<std::string_view>(expected_) : std::nullopt;
}

absl::StatusOr<StateDir::Emitted> StateDir::Emit(std::string_view line) {
  if (!broken_.ok()) return broken_;
  if (!known_.empty()) {
    const std::string key = key_of_(line);
    const auto known = key.empty() ? known_.end() : known_.find(HashOf(key));
    if (known != known_.end()) return known->second;
  }
  if (tail_) {
    if (line != expected_) {
      return broken_ = absl::FailedPreconditionError(absl::StrCat(
                 "findings.jsonl: what was found again after the restart differs at offset ", wpos_,
                 ", which is an error of gainsay: please report it. To go on, remove state.a and "
                 "state.b: all is read from the start, and what findings.jsonl holds stays"));
    }
    wpos_ += line.size() + 1;
    if (broken_ = NextExpected(); !broken_.ok()) return broken_;
    return Emitted::kAgain;
  }
  if (broken_ = findings_.Append(line); !broken_.ok()) return broken_;
  wpos_ = findings_.end();
  return Emitted::kNew;
}

// The lines become known in the state that is on the disk, too: otherwise a crash before the next checkpoint
// would have them, and what is written from now on, compared by their places.
absl::Status StateDir::BreakReplay() {
  if (!broken_.ok() || !tail_) return broken_;
  const uint64_t from = std::min(base_.wpos, wpos_);
  known_from_ = known_to_ > 0 ? std::min(known_from_, from) : from;
  known_to_ = wpos_ = findings_.end();
  tail_.reset();
  if (broken_ = KnowLines(from, known_to_, true); !broken_.ok()) return broken_;
  base_.wpos = wpos_;
  base_.known_from = known_from_;
  base_.known_to = known_to_;
  base_.generation = generation_ + 1;
  const absl::Status written = WriteGeneration(base_);
  return absl::IsResourceExhausted(written) ? absl::OkStatus() : written;
}

absl::Status StateDir::ForEachExpected(const std::function<void(std::string_view)>& visit) const {
  if (!broken_.ok() || !tail_) return broken_;
  FindingsLines lines(findings_, wpos_, findings_.end());
  std::string_view line;
  for (absl::StatusOr<bool> more = lines.Next(&line);; more = lines.Next(&line)) {
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    visit(line);
  }
}

// The next checkpoint remembers it. A crash before that has the gap, which is the reason for this, to be told
// again.
absl::Status StateDir::KnowAll() {
  if (absl::Status broken = BreakReplay(); !broken.ok()) return broken;
  broken_ = KnowLines(0, findings_.end(), false);
  known_from_ = 0;
  known_to_ = findings_.end();
  return broken_;
}

absl::Status StateDir::SetRules(std::string rules) {
  rules_ = std::move(rules);
  return BreakReplay();
}

absl::Status StateDir::Checkpoint(std::string_view sources, std::string_view fold) {
  StateFile state{generation_ + 1, rules_,   std::string(sources), std::string(fold), wpos_,
                  known_from_,     known_to_};
  const absl::Status written = WriteGeneration(state);
  if (written.ok()) base_ = tail_ ? std::move(state) : StateFile();
  return written;
}

absl::Status StateDir::WriteGeneration(const StateFile& state) {
  if (!broken_.ok()) return broken_;
  absl::Status status = findings_.Sync();
  if (status.ok()) status = WriteTemporary(EncodeState(state));
  const char* slot = kSlots[state.generation % 2];
  if (status.ok()) status = DiskStatus(slot, disk_->Rename(kTemporary, slot));
  if (status.ok()) status = DiskStatus("directory", disk_->SyncDirectory());
  if (status.ok()) generation_ = state.generation;
  if (!status.ok() && !absl::IsResourceExhausted(status)) broken_ = status;
  return status;
}

absl::Status StateDir::WriteTemporary(const std::string& bytes) {
  const int removed = disk_->Remove(kTemporary);
  if (removed < 0 && removed != -ENOENT) return DiskStatus(kTemporary, removed);
  const int fd = disk_->OpenFile(kTemporary, Disk::Open::kNew);
  if (fd < 0) return DiskStatus(kTemporary, fd);
  int64_t result = 0;
  for (size_t written = 0; written < bytes.size() && result >= 0; written += static_cast<size_t>(result)) {
    result = disk_->Write(fd, bytes.data() + written, bytes.size() - written, written);
    if (result == 0) result = -ENOSPC;
    if (result < 0) break;
  }
  if (result >= 0) result = disk_->Sync(fd);
  disk_->Close(fd);
  if (result < 0) disk_->Remove(kTemporary);  // it may take the space that is missing
  return DiskStatus(kTemporary, result < 0 ? result : 0);
}

}  // namespace gainsay
