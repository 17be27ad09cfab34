// The thread that reads unpacks from where it is. The others look, ahead of it, for what seems to be the
// beginning of a part, unpack from there, and let the result wait. Only when the reader's own parts end right
// where such a part was begun is that beginning proven, and what waits is used; if they end behind it, it was
// no beginning, and is thrown away. So a wrong guess costs time, never a byte, and where nothing was found
// the reader just goes on. What waits is capped; the part that is being read has a cap of its own, so it goes
// on whatever the others hold.
#include "pipeline_unpack.h"

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
constexpr size_t kBlocksOfTurn = 8;                   // of the part that is being read
constexpr size_t kMostParts = 64;                     // begun and not yet read
constexpr uint64_t kSearchBytes = uint64_t{1} << 20;  // are searched at a time
constexpr size_t kMostWrong = 8;                      // guesses, after which no more are made

struct Block {
  std::unique_ptr<char[]> bytes;
  size_t size = 0;
};

// One that was begun ahead. All but `begin` and `stop` is guarded by the unpacker's mutex.
struct Ahead {
  uint64_t begin = 0;
  std::atomic<bool> stop = false;
  std::deque<Block> blocks;
  bool is_read = false;  // its turn has come
  bool ended = false;
  uint64_t end = 0;  // the rest: with `ended`
  bool more_follows = false;
  absl::Status status;
};

class Unpacker : public ByteStream {
 public:
  Unpacker(std::unique_ptr<PackedParts> file, const UnpackOptions& options)
      : file_(std::move(file)),
        options_(options),
        most_waiting_(options.waiting_blocks * (options.threads - 1)),
        search_at_(options.part_bytes) {
    for (size_t i = 1; i < options.threads; ++i) threads_.emplace_back([this] { Work(); });
  }
  ~Unpacker() override;
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override;
  std::optional<int64_t> mtime_ns() const override { return file_->mtime_ns(); }

 private:
  // The reader's side.
  void EnterPart();
  absl::StatusOr<size_t> ReadOwn(char* buffer, size_t capacity);
  absl::StatusOr<size_t> ReadAhead(char* buffer, size_t capacity);
  void ReachedLocked(uint64_t at);
  void LeavePart(uint64_t at, bool more_follows);

  // The other threads' side.
  void Work();
  bool HasWorkLocked() const;
  std::shared_ptr<Ahead> BeginOne();
  void Unpack(Ahead* part);
  bool Put(Ahead* part, Block block);
  Block TakeFree();

  const std::unique_ptr<PackedParts> file_;
  const UnpackOptions options_;
  const size_t most_waiting_;

  std::unique_ptr<PartStream> own_;  // the part that is being read: this one,
  std::shared_ptr<Ahead> turn_;      // or this one, with the block at hand
  Block block_;
  size_t block_at_ = 0;
  uint64_t at_ = 0;  // where that part begins, and where the next one will
  bool ended_ = false;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Ahead>> parts_;  // by `begin`
  std::vector<Block> free_;
  size_t waiting_ = 0;      // blocks of `parts_`
  size_t wrong_ = 0;        // guesses
  uint64_t search_at_;      // where the next part is looked for
  uint64_t reached_ = 0;    // packed bytes that were read
  bool searching_ = false;  // somebody is
  bool closed_ = false;
  std::vector<std::thread> threads_;  // last: they use the rest
};

Unpacker::~Unpacker() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const std::shared_ptr<Ahead>& part : parts_) part->stop = true;
    if (turn_) turn_->stop = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

// ---- The reader ------------------------------------------------------------------------

absl::StatusOr<size_t> Unpacker::Read(char* buffer, size_t capacity) {
  while (!ended_) {
    if (!own_ && !turn_) EnterPart();
    absl::StatusOr<size_t> n = own_ ? ReadOwn(buffer, capacity) : ReadAhead(buffer, capacity);
    if (!n.ok() || *n > 0) return n;
  }
  return size_t{0};
}

// At `at_` a part begins. Whatever was begun before it was a wrong guess.
void Unpacker::EnterPart() {
  uint64_t limit = at_ + options_.part_bytes;
  {
    const std::lock_guard lock(mutex_);
    ReachedLocked(at_);
    for (; !parts_.empty() && parts_.front()->begin < at_; parts_.pop_front()) {
      parts_.front()->stop = true;
      waiting_ -= parts_.front()->blocks.size();
      ++wrong_;
    }
    if (!parts_.empty() && parts_.front()->begin == at_) {
      turn_ = parts_.front();
      turn_->is_read = true;
      waiting_ -= turn_->blocks.size();
      parts_.pop_front();
      if (options_.stats != nullptr) ++options_.stats->parts_ahead;
    } else if (!parts_.empty()) {
      limit = std::min(limit, parts_.front()->begin);
    }
    search_at_ = std::max(search_at_, limit);
  }
  changed_.notify_all();
  if (!turn_) own_ = file_->Open(at_, limit, /*ahead=*/false, nullptr);
}

absl::StatusOr<size_t> Unpacker::ReadOwn(char* buffer, size_t capacity) {
  absl::StatusOr<size_t> n = own_->Read(buffer, capacity);
  if (n.ok() && *n == 0) {
    LeavePart(own_->at(), own_->more_follows());
  } else if (own_->at() >= reached_ + kSearchBytes) {  // only this thread changes it
    {
      const std::lock_guard lock(mutex_);
      ReachedLocked(own_->at());
    }
    changed_.notify_all();
  }
  return n;
}

absl::StatusOr<size_t> Unpacker::ReadAhead(char* buffer, size_t capacity) {
  if (block_at_ == block_.size) {
    std::unique_lock lock(mutex_);
    if (block_.bytes) free_.push_back(std::exchange(block_, {}));
    block_at_ = 0;
    changed_.wait(lock, [this] { return turn_->ended || !turn_->blocks.empty(); });
    if (turn_->blocks.empty()) {
      const std::shared_ptr<Ahead> part = turn_;
      lock.unlock();
      if (!part->status.ok()) return part->status;
      LeavePart(part->end, part->more_follows);
      return size_t{0};
    }
    block_ = std::move(turn_->blocks.front());
    turn_->blocks.pop_front();
    lock.unlock();
    changed_.notify_all();
  }
  const size_t n = std::min(capacity, block_.size - block_at_);
  std::memcpy(buffer, block_.bytes.get() + block_at_, n);
  block_at_ += n;
  return n;
}

void Unpacker::ReachedLocked(uint64_t at) { reached_ = std::max(reached_, at); }

void Unpacker::LeavePart(uint64_t at, bool more_follows) {
  at_ = at;
  ended_ = !more_follows;
  own_ = nullptr;
  turn_ = nullptr;
}

// ---- Ahead of it -----------------------------------------------------------------------

void Unpacker::Work() {
  while (const std::shared_ptr<Ahead> part = BeginOne()) Unpack(part.get());
}

bool Unpacker::HasWorkLocked() const {
  return !searching_ && parts_.size() < kMostParts && waiting_ < most_waiting_ &&
         search_at_ <= reached_ + options_.look_ahead;
}

// The next part, looked for. Null: there will be none.
std::shared_ptr<Ahead> Unpacker::BeginOne() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto none = [this] { return closed_ || search_at_ >= file_->size() || wrong_ >= kMostWrong; };
    changed_.wait(lock, [&] { return none() || HasWorkLocked(); });
    if (none()) return nullptr;
    searching_ = true;
    const uint64_t from = search_at_, to = from + kSearchBytes;
    lock.unlock();
    const std::optional<uint64_t> begin = file_->FindStart(from, to);
    lock.lock();
    searching_ = false;
    changed_.notify_all();
    if (closed_ || search_at_ > from) continue;  // the reader left, or is past it
    search_at_ = begin ? *begin + options_.part_bytes : to;
    if (!begin) continue;
    auto part = std::make_shared<Ahead>();
    part->begin = *begin;
    parts_.push_back(part);
    return part;
  }
}

void Unpacker::Unpack(Ahead* part) {
  const std::unique_ptr<PartStream> stream =
      file_->Open(part->begin, part->begin + options_.part_bytes, /*ahead=*/true, &part->stop);
  absl::StatusOr<size_t> n = size_t{1};
  while (n.ok() && *n > 0) {
    Block block = TakeFree();
    {
      const StageTimer timer(options_.stats, Stage::kUnpack);
      for (n = size_t{1}; block.size < kBlockBytes && n.ok() && *n > 0;) {
        n = stream->Read(block.bytes.get() + block.size, kBlockBytes - block.size);
        if (n.ok()) block.size += *n;
      }
    }
    if (block.size > 0 && !Put(part, std::move(block))) return;
  }
  {
    const std::lock_guard lock(mutex_);
    part->status = n.status();
    part->end = stream->at();
    part->more_follows = stream->more_follows();
    part->ended = true;
  }
  changed_.notify_all();
}

// False: nobody wants more of it.
bool Unpacker::Put(Ahead* part, Block block) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return part->stop || (part->is_read ? part->blocks.size() < kBlocksOfTurn : waiting_ < most_waiting_);
    });
    if (part->stop) return false;
    if (!part->is_read) ++waiting_;
    part->blocks.push_back(std::move(block));
  }
  changed_.notify_all();
  return true;
}

Block Unpacker::TakeFree() {
  Block block;
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      block = std::move(free_.back());
      free_.pop_back();
    }
  }
  block.size = 0;
  if (!block.bytes) block.bytes = std::make_unique_for_overwrite<char[]>(kBlockBytes);
  return block;
}

}  // namespace

std::unique_ptr<ByteStream> UnpackApart(std::unique_ptr<PackedParts> file, const UnpackOptions& options) {
  const UnpackOptions* how = &options;
  UnpackOptions alone = options;
  alone.threads = 1;
  if (file->size() < 2 * options.part_bytes) how = &alone;
  return std::make_unique<Unpacker>(std::move(file), *how);
}

}  // namespace gainsay
