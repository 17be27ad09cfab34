// The idea: the thread that reads appends whole lines behind what waits: in memory as long as the file is
// empty and there is room, else in the file; so the order is memory, file. Lines are let go only from a
// moment at which nothing fits until everything that waits was taken, so that a loss is always behind all
// that waits, and there is one gap for each. What an earlier process left in the file is in front of all.
#include "pipeline_intake.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/time/clock.h"

namespace gainsay {
namespace {

constexpr size_t kBlockBytes = size_t{256} << 10;
constexpr size_t kMostHeldBack = size_t{1} << 20;  // of a line whose end has not come

class Bell {
 public:
  Bell() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~Bell() { close(fd_); }
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  int fd() const { return fd_; }
  void Ring() const { static_cast<void>(!eventfd_write(fd_, 1)); }
  void Still() const {
    eventfd_t times = 0;
    eventfd_read(fd_, &times);
  }

 private:
  const int fd_;
};

int WaitMs(absl::Time deadline) {
  const absl::Duration left = deadline - absl::Now();
  if (left <= absl::ZeroDuration()) return 0;
  return static_cast<int>(absl::ToInt64Milliseconds(std::min(left, absl::Minutes(1))) + 1);
}

LiveRead Bytes(std::string_view bytes) {
  LiveRead read;
  read.kind = LiveRead::kBytes;
  read.bytes = bytes;
  return read;
}

LiveRead Lost(LostInput lost, std::string why) {
  LiveRead read;
  read.kind = LiveRead::kLost;
  read.lost = lost;
  read.why = std::move(why);
  return read;
}

class Intake : public LiveSource {
 public:
  Intake(int fd, std::string name, int wake_fd, const std::optional<LivePosition>& resume,
         IntakeOptions options)
      : fd_(fd), wake_fd_(wake_fd), name_(std::move(name)), options_(options) {
    if (resume) end_ = given_ = resume->offset;
    if (options_.spill != nullptr) Recover(resume);
    renewing_ = resume.has_value();
    StartThread();
  }
  ~Intake() override { StopReading(); }

  absl::StatusOr<LiveRead> Read(absl::Time deadline) override;

  std::string Name(uint32_t) const override { return name_; }
  std::string Identity(uint32_t) const override { return ""; }
  std::optional<int64_t> MtimeNs(uint32_t) const override { return std::nullopt; }
  bool HasCursors() const override { return true; }

  bool HoldsBack() const override { return true; }
  LiveBacklog Backlog() const override;
  void Release(uint64_t offset) override;
  void StopReading() override;
  bool Keep(uint64_t offset, std::string_view bytes) override;

 private:
  void Recover(const std::optional<LivePosition>& resume);
  std::optional<LiveRead> Give();
  std::optional<LiveRead> GiveSpilled(uint64_t most);
  std::optional<LiveRead> GiveLoss();

  void StartThread();
  void Work();
  bool ReadOnce(char* buffer);
  void Take(std::string_view bytes);
  void Put(std::string_view lines);
  bool PutSomewhere(std::string_view lines);
  bool PutInMemory(std::string_view lines);
  bool Spill(std::string_view lines);
  void LetGo(std::string_view lines);
  void End(absl::Status status);

  const int fd_, wake_fd_;
  const std::string name_;
  const IntakeOptions options_;
  Bell filled_, stop_;

  // Of whoever reads from us.
  std::string block_;
  uint64_t given_ = 0;  // the offset behind what was given
  // By an earlier process: bytes that are missing before what it left, and what of that is still to be given.
  uint64_t missing_ = 0, left_behind_ = 0;
  bool renewing_ = false, line_ended_ = true;

  // Of the thread.
  std::string held_back_;  // the beginning of a line
  bool mid_line_ = false;  // what was let go last had no end
  std::thread thread_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable taken_;
  std::deque<std::string> memory_;
  uint64_t memory_bytes_ = 0, end_ = 0, spilled_bytes_ = 0;
  uint64_t left_end_ = 0, released_ = 0;  // the offset behind what an earlier process left; as Release has it
  LostInput lost_, untold_;
  bool losing_ = false, ended_ = false, stopping_ = false;
  absl::Status status_;
};

// ---- What an earlier process left ------------------------------------------------------

// What that used is not wanted, and nothing of what journalctl will bring once more.
void Intake::Recover(const std::optional<LivePosition>& resume) {
  SpillFile& spill = *options_.spill;
  if (!resume || !resume->cursor.empty()) return spill.Clear();
  spill.Release(resume->offset);
  if (spill.size() == 0) return spill.Clear();
  if (spill.offset() != resume->offset) {
    const uint64_t missing = spill.offset() - resume->offset;
    lost_.bytes = missing_ = missing + spill.SkipLine(resume->offset);
  }
  if (spill.size() > 0 && !spill.EndsLine()) spill.Append(end_ + spill.size(), "\n");
  left_behind_ = spill.size();
  end_ += left_behind_;
  left_end_ = end_;
}

// ---- On the side of whoever reads from us ----------------------------------------------

absl::StatusOr<LiveRead> Intake::Read(absl::Time deadline) {
  for (;;) {
    filled_.Still();
    if (std::optional<LiveRead> read = Give()) return *std::move(read);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const bool empty = memory_.empty() && untold_.bytes == 0;
      if (ended_ && empty && (options_.spill == nullptr || options_.spill->size() == 0)) {
        if (!status_.ok()) return status_;
        LiveRead end;
        end.kind = LiveRead::kEnd;
        return end;
      }
    }
    std::array<pollfd, 2> waited = {pollfd{filled_.fd(), POLLIN, 0}, pollfd{wake_fd_, POLLIN, 0}};
    const int ready = poll(waited.data(), waited.size(), WaitMs(deadline));
    if (ready < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, name_ + " can't be waited for");
    if (ready <= 0 || waited[0].revents == 0) return LiveRead();
  }
}

// None: nothing waits.
std::optional<LiveRead> Intake::Give() {
  if (renewing_) {
    if (missing_ > 0) {
      return Lost({std::exchange(missing_, 0), 0},
                  "it was not used yet when gainsay ended, and not all of it was in the spill file");
    }
    if (left_behind_ > 0) return GiveSpilled(left_behind_);
    renewing_ = false;
    LiveRead renewed;
    renewed.kind = LiveRead::kRenewed;
    return renewed;
  }
  uint64_t spilled = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!memory_.empty()) {
      block_ = std::move(memory_.front());
      memory_.pop_front();
      memory_bytes_ -= block_.size();
      given_ += block_.size();
      line_ended_ = block_.back() == '\n';
      taken_.notify_all();
      return Bytes(block_);
    }
    // What is in the file by now is before all that comes into memory from now on; what follows it there may
    // not be.
    if (options_.spill != nullptr) spilled = options_.spill->size();
  }
  if (spilled > 0) return GiveSpilled(spilled);
  return GiveLoss();
}

std::optional<LiveRead> Intake::GiveSpilled(uint64_t most) {
  if (options_.spill == nullptr) return std::nullopt;
  block_.resize(static_cast<size_t>(std::min<uint64_t>(kBlockBytes, most)));
  const int64_t n = options_.spill->Read(block_.data(), block_.size());
  if (n == 0) return std::nullopt;
  const auto size = static_cast<size_t>(n < 0 ? -n : n);
  left_behind_ -= std::min<uint64_t>(left_behind_, size);
  given_ += size;
  taken_.notify_all();
  if (n > 0) {
    block_.resize(size);
    line_ended_ = block_.back() == '\n';
    return Bytes(block_);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  lost_.bytes += size;
  return Lost({size, 0}, "the spill file could not be read");
}

// Everything before it was given. A line of which the rest was let go ends here.
std::optional<LiveRead> Intake::GiveLoss() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (untold_.bytes == 0 || !memory_.empty()) return std::nullopt;
  if (options_.spill != nullptr && options_.spill->size() > 0) return std::nullopt;
  if (!std::exchange(line_ended_, true)) {
    ++end_, ++given_;
    return Bytes("\n");
  }
  losing_ = false;
  return Lost(std::exchange(untold_, {}),
              "it came faster than it could be judged, and there was no room for it any more");
}

LiveBacklog Intake::Backlog() const {
  LiveBacklog backlog;
  if (options_.spill != nullptr) backlog.spill_bytes = options_.spill->size();
  const std::lock_guard<std::mutex> lock(mutex_);
  backlog.memory_bytes = memory_bytes_;
  backlog.spilled_bytes = spilled_bytes_;
  backlog.lost = lost_;
  backlog.losing = losing_;
  return backlog;
}

void Intake::Release(uint64_t offset) {
  if (options_.spill == nullptr) return;
  if (offset == UINT64_MAX) offset = given_;
  options_.spill->Release(offset);
  const std::lock_guard<std::mutex> lock(mutex_);
  released_ = std::max(released_, offset);
}

void Intake::StopReading() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  taken_.notify_all();
  stop_.Ring();
  if (thread_.joinable()) thread_.join();
}

bool Intake::Keep(uint64_t offset, std::string_view bytes) {
  if (options_.spill == nullptr || offset + bytes.size() != given_) return false;
  std::string waiting(bytes);
  for (const std::string& block : memory_) waiting += block;
  return options_.spill->Leave(offset, waiting);
}

// ---- On the thread ---------------------------------------------------------------------

// Signals are for the thread that obeys them.
void Intake::StartThread() {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { Work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Intake::Work() {
  const std::unique_ptr<char[]> buffer(new char[kBlockBytes]);
  while (ReadOnce(buffer.get())) {
  }
}

bool Intake::ReadOnce(char* buffer) {
  std::array<pollfd, 2> waited = {pollfd{fd_, POLLIN, 0}, pollfd{stop_.fd(), POLLIN, 0}};
  const int ready = poll(waited.data(), waited.size(), -1);
  if (ready < 0 && errno == EINTR) return true;
  const bool stopped = ready > 0 && waited[1].revents != 0;
  const ssize_t n = stopped ? 0 : ready < 0 ? -1 : ::read(fd_, buffer, kBlockBytes);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return true;
  if (n > 0) {
    Take({buffer, static_cast<size_t>(n)});
    return true;
  }
  End(n < 0 ? absl::ErrnoToStatus(errno, name_ + " can't be read") : absl::OkStatus());
  return false;
}

void Intake::End(absl::Status status) {
  Put(std::exchange(held_back_, ""));
  const std::lock_guard<std::mutex> lock(mutex_);
  ended_ = true;
  status_ = std::move(status);
  filled_.Ring();
}

// Only whole lines are put, as long as they have any sensible length.
void Intake::Take(std::string_view bytes) {
  const size_t last = bytes.rfind('\n');
  const size_t whole = last == std::string_view::npos ? 0 : last + 1;
  if (whole == 0 && held_back_.size() + bytes.size() < kMostHeldBack) {
    held_back_ += bytes;
    return;
  }
  std::string lines = std::exchange(held_back_, "");
  lines += bytes.substr(0, whole == 0 ? bytes.size() : whole);
  held_back_ = whole == 0 ? "" : bytes.substr(whole);
  Put(lines);
}

void Intake::Put(std::string_view lines) {
  if (lines.empty()) return;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    // The rest of a line of which the beginning was let go.
    if (mid_line_ && !losing_) {
      const size_t rest = std::min(lines.find('\n'), lines.size() - 1) + 1;
      mid_line_ = lines[rest - 1] != '\n';
      lost_.bytes += rest;
      lines.remove_prefix(rest);
    }
    if (lines.empty()) return;
    if (losing_) return LetGo(lines);
  }
  const absl::Time patience = absl::Now() + options_.most_wait;
  while (!PutSomewhere(lines)) {
    std::unique_lock<std::mutex> lock(mutex_);
    const absl::Duration left = patience - absl::Now();
    if (left <= absl::ZeroDuration() || stopping_) return LetGo(lines);
    taken_.wait_for(lock, absl::ToChronoMilliseconds(std::min(left, absl::Milliseconds(50))));
  }
  filled_.Ring();
}

// As long as what an earlier process left may have to be read once more, by a later one, all goes behind it:
// the file gives up what was read from it for what does not follow.
bool Intake::PutSomewhere(std::string_view lines) {
  bool behind_it = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    behind_it = released_ < left_end_;
  }
  return (behind_it && Spill(lines)) || PutInMemory(lines) || Spill(lines);
}

bool Intake::PutInMemory(std::string_view lines) {
  if (options_.spill != nullptr && options_.spill->size() > 0) return false;
  const std::lock_guard<std::mutex> lock(mutex_);
  // One block is taken whatever its size.
  if (!memory_.empty() && memory_bytes_ + lines.size() > options_.memory_bytes) return false;
  if (!memory_.empty() && memory_.back().size() + lines.size() <= kBlockBytes) {
    memory_.back() += lines;
  } else {
    memory_.emplace_back(lines);
  }
  memory_bytes_ += lines.size();
  end_ += lines.size();
  return true;
}

bool Intake::Spill(std::string_view lines) {
  if (options_.spill == nullptr) return false;
  uint64_t end = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    end = end_;
    end_ += lines.size();
  }
  const bool spilled = options_.spill->Append(end, lines);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (spilled) spilled_bytes_ += lines.size();
  if (!spilled) end_ -= lines.size();
  return spilled;
}

// Under the lock.
void Intake::LetGo(std::string_view lines) {
  losing_ = true;
  const auto ends = static_cast<uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
  for (LostInput* lost : {&lost_, &untold_}) {
    lost->bytes += lines.size();
    lost->lines += ends;
  }
  mid_line_ = lines.back() != '\n';
  filled_.Ring();
}

}  // namespace

std::unique_ptr<LiveSource> OpenIntake(int fd, std::string name, int wake_fd,
                                       const std::optional<LivePosition>& resume, IntakeOptions options) {
  return std::make_unique<Intake>(fd, std::move(name), wake_fd, resume, options);
}

}  // namespace gainsay
