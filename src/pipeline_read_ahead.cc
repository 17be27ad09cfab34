// One thread walks through the members and writes down what it finds as parcels: a member begins, some bytes
// of it, it ended (well or not), all ended. The parcels wait in a short queue, so bytes and errors come out
// in the order in which they were met. Blocks go round: those that were read go back to the thread, and while
// none is free it waits.
#include "pipeline_read_ahead.h"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "pipeline_stats.h"

namespace gainsay {
namespace {

constexpr size_t kBlockBytes = size_t{256} << 10;
constexpr size_t kBlocks = 4;
constexpr size_t kMostParcels = 64;  // of which most bear no block: members that are small or told

using Block = std::unique_ptr<char[]>;

struct Parcel {
  enum class Kind { kMember, kBytes, kMemberEnd, kEnd };
  Kind kind = Kind::kEnd;
  std::optional<Member> member;  // kMember; of its stream only whether there is one
  std::optional<int64_t> mtime_ns;
  Block block;  // kBytes
  size_t size = 0;
  absl::Status status;  // kMemberEnd, kEnd
};

// The queue between the two threads.
class Belt {
 public:
  // The reader's side. False: nobody wants more.
  bool Put(Parcel parcel) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || parcels_.size() < kMostParcels; });
    if (closed_) return false;
    parcels_.push_back(std::move(parcel));
    changed_.notify_all();
    return true;
  }
  // Null: nobody wants more.
  Block TakeFree() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || !free_.empty() || made_ < kBlocks; });
    if (closed_) return nullptr;
    if (free_.empty()) {
      ++made_;
      return std::make_unique_for_overwrite<char[]>(kBlockBytes);
    }
    Block block = std::move(free_.back());
    free_.pop_back();
    return block;
  }

  // The user's side.
  Parcel Take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !parcels_.empty(); });
    Parcel parcel = std::move(parcels_.front());
    parcels_.pop_front();
    changed_.notify_all();
    return parcel;
  }
  void GiveBack(Block block) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(block));
    changed_.notify_all();
  }
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Parcel> parcels_;
  std::vector<Block> free_;
  size_t made_ = 0;
  bool closed_ = false;
};

// Puts one member on the belt. False: nobody wants more.
bool Carry(Member member, Belt* belt, ScanStats* stats) {
  ByteStream* const stream = member.stream.ok() ? member.stream->get() : nullptr;
  bool more = stream != nullptr && member.passed_over.empty();
  Parcel begin;
  begin.kind = Parcel::Kind::kMember;
  if (stream != nullptr) begin.mtime_ns = stream->mtime_ns();
  absl::StatusOr<std::unique_ptr<ByteStream>> there(nullptr);
  if (!member.stream.ok()) there = member.stream.status();
  begin.member = Member{member.name, std::move(there), member.passed_over};
  if (!belt->Put(std::move(begin))) return false;
  Parcel end;
  end.kind = Parcel::Kind::kMemberEnd;
  while (more) {
    Parcel parcel;
    parcel.kind = Parcel::Kind::kBytes;
    parcel.block = belt->TakeFree();
    if (parcel.block == nullptr) return false;
    absl::StatusOr<size_t> n = size_t{1};
    while (parcel.size < kBlockBytes && n.ok() && *n > 0) {
      const StageTimer timer(stats, Stage::kRead);
      n = stream->Read(parcel.block.get() + parcel.size, kBlockBytes - parcel.size);
      if (n.ok()) parcel.size += *n;
    }
    if (!belt->Put(std::move(parcel))) return false;
    more = n.ok() && *n > 0;
    end.status = n.status();
  }
  return belt->Put(std::move(end));
}

class Ahead : public Members {
 public:
  Ahead(std::unique_ptr<Members> members, ScanStats* stats)
      : members_(std::move(members)),
        stats_(stats),
        packed_(members_->packed()),
        is_archive_(members_->is_archive()),
        thread_([this] { Walk(); }) {}
  ~Ahead() override {
    belt_.Close();
    thread_.join();
  }
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

  absl::StatusOr<std::optional<Member>> Next() override;
  bool packed() const override { return packed_; }
  bool is_archive() const override { return is_archive_; }

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity);

 private:
  void Walk();  // on the thread

  std::unique_ptr<Members> members_;
  ScanStats* const stats_;
  const bool packed_, is_archive_;
  Belt belt_;
  Parcel bytes_;   // at hand
  size_t at_ = 0;  // in it
  bool ended_ = false;
  std::thread thread_;  // last: it uses the rest
};

void Ahead::Walk() {
  while (true) {
    absl::StatusOr<std::optional<Member>> member = members_->Next();
    if (!member.ok() || !*member) {
      Parcel end;
      end.status = member.status();
      belt_.Put(std::move(end));
      return;
    }
    if (!Carry(std::move(**member), &belt_, stats_)) return;
  }
}

absl::StatusOr<std::optional<Member>> Ahead::Next() {
  while (!ended_) {
    if (bytes_.block != nullptr) belt_.GiveBack(std::move(bytes_.block));
    Parcel parcel = belt_.Take();  // what is left of the last member is passed over
    if (parcel.kind == Parcel::Kind::kBytes) bytes_ = std::move(parcel);
    if (parcel.kind == Parcel::Kind::kMember) {
      if (parcel.member->stream.ok()) {
        parcel.member->stream = MemberStream(
            [this](char* buffer, size_t capacity) { return Read(buffer, capacity); }, parcel.mtime_ns);
      }
      bytes_ = {};
      at_ = 0;
      return std::move(parcel.member);
    }
    ended_ = parcel.kind == Parcel::Kind::kEnd;
    if (ended_ && !parcel.status.ok()) return parcel.status;
  }
  return std::nullopt;
}

absl::StatusOr<size_t> Ahead::Read(char* buffer, size_t capacity) {
  while (at_ == bytes_.size) {
    if (bytes_.block != nullptr) belt_.GiveBack(std::move(bytes_.block));
    bytes_ = belt_.Take();
    at_ = 0;
    if (bytes_.kind == Parcel::Kind::kBytes) continue;
    if (!bytes_.status.ok()) return bytes_.status;
    return size_t{0};
  }
  const size_t n = std::min(capacity, bytes_.size - at_);
  std::memcpy(buffer, bytes_.block.get() + at_, n);
  at_ += n;
  return n;
}

}  // namespace

std::unique_ptr<Members> ReadAhead(std::unique_ptr<Members> members, ScanStats* stats) {
  return std::make_unique<Ahead>(std::move(members), stats);
}

}  // namespace gainsay
