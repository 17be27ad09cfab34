// Each thread takes the next source that nobody has taken, and puts its news on that source's shelf. The
// caller empties the shelves in the order of sources. What is told of a source whose turn has not come has to
// wait: only events wait, never bytes, and only so many. Since sources are taken in order, the one whose turn
// it is always goes on.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "pipeline_source.h"

namespace gainsay {
namespace {

constexpr size_t kMostWaiting = 65'536;  // events and news, of all sources whose turn has not come
constexpr size_t kMostOfTurn = 64;       // news of the one whose turn it is

struct Shelf {
  std::vector<SourceNews> news;
  size_t weight = 0;
  bool ended = false;
  absl::Status status;  // with `ended`
};

size_t WeightOf(const SourceNews& news) { return 1 + news.events.size(); }

class AtOnce {
 public:
  AtOnce(const Engine& engine, const ScanInput& input, size_t at_once)
      : engine_(engine),
        input_(input),
        at_once_(at_once),
        filter_(engine, input),
        workers_(engine, input),
        shelves_(input.sources.size()) {
    for (size_t i = 0; i < at_once; ++i) threads_.emplace_back([this] { Work(); });
  }
  ~AtOnce() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  AtOnce(const AtOnce&) = delete;
  AtOnce& operator=(const AtOnce&) = delete;

  // What is there of the source whose turn it is, waited for. None: it ended, which `status` tells of.
  std::vector<SourceNews> Take(absl::Status* status) {
    std::unique_lock lock(mutex_);
    Shelf& shelf = shelves_[turn_];
    changed_.wait(lock, [&] { return shelf.ended || !shelf.news.empty(); });
    std::vector<SourceNews> news = std::exchange(shelf.news, {});
    shelf.weight = 0;
    if (news.empty()) {
      *status = shelf.status;
      if (++turn_ < shelves_.size()) waiting_ -= shelves_[turn_].weight;
    }
    changed_.notify_all();
    return news;
  }

 private:
  void Work() {
    SourceReading reading(engine_, input_, &filter_, &workers_, at_once_);
    while (true) {
      size_t source = 0;
      {
        const std::lock_guard lock(mutex_);
        if (closed_ || next_ == shelves_.size()) return;
        source = next_++;
      }
      const absl::Status status =
          reading.Run(input_.sources[source], [&](SourceNews news) { return Put(source, std::move(news)); });
      {
        const std::lock_guard lock(mutex_);
        shelves_[source].ended = true;
        shelves_[source].status = status;
      }
      changed_.notify_all();
    }
  }

  // False: nobody wants more.
  bool Put(size_t source, SourceNews news) {
    std::unique_lock lock(mutex_);
    Shelf& shelf = shelves_[source];
    changed_.wait(lock, [&] {
      return closed_ || (source == turn_ ? shelf.news.size() < kMostOfTurn : waiting_ < kMostWaiting);
    });
    if (closed_) return false;
    const size_t weight = WeightOf(news);
    if (source != turn_) waiting_ += weight;
    shelf.weight += weight;
    shelf.news.push_back(std::move(news));
    if (source == turn_) changed_.notify_all();
    return true;
  }

  const Engine& engine_;
  const ScanInput& input_;
  const size_t at_once_;
  ScanFilter filter_;
  ChunkWorkers workers_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<Shelf> shelves_;  // by source
  size_t next_ = 0;             // to be taken
  size_t turn_ = 0;             // whose news are told
  size_t waiting_ = 0;          // weight of the shelves behind `turn_`
  bool closed_ = false;
  std::vector<std::thread> threads_;  // last: they use the rest
};

}  // namespace

absl::Status ReadAtOnce(const Engine& engine, const ScanInput& input, size_t at_once,
                        const std::function<void(SourceNews)>& tell, const std::function<void()>& ended) {
  AtOnce reading(engine, input, at_once);
  for (size_t source = 0; source < input.sources.size(); ++source) {
    absl::Status status;
    while (true) {
      std::vector<SourceNews> all = reading.Take(&status);
      if (all.empty()) break;
      for (SourceNews& news : all) tell(std::move(news));
    }
    if (!status.ok()) return status;
    ended();
  }
  return absl::OkStatus();
}

}  // namespace gainsay
