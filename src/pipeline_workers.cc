#include "pipeline_workers.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "pipeline.h"
#include "pipeline_stats.h"

namespace gainsay {

struct ChunkWorkers::State {
  State(const Engine& the_engine, const ScanInput& the_input)
      : engine(the_engine), input(the_input), threads_wanted(JobsOf(the_input)) {}

  bool alone() const { return threads_wanted < 2; }
  void Work();
  void Enqueue(ChunkJob* job);
  void WaitFor(const ChunkJob& job);

  const Engine& engine;
  const ScanInput& input;
  const size_t threads_wanted;

  std::mutex mutex;
  std::condition_variable to_do, done;
  std::deque<ChunkJob*> queue;  // guarded by mutex, as each job's `done`, and the rest, are
  bool ended = false;
  std::vector<std::thread> threads;
};

size_t JobsOf(const ScanInput& input) {
  if (input.watch) return 1;  // whoever watches the records sees them in order
  return input.jobs != 0 ? input.jobs : std::max<size_t>(std::thread::hardware_concurrency(), 1);
}

void ChunkWorkers::State::Work() {
  ChunkScanner scanner(engine, input);
  while (true) {
    ChunkJob* job = nullptr;
    {
      std::unique_lock lock(mutex);
      to_do.wait(lock, [this] { return ended || !queue.empty(); });
      if (ended) return;
      job = queue.front();
      queue.pop_front();
    }
    {
      const StageTimer timer(input.stats, Stage::kScan);
      scanner.Scan(job->chunk, 0, job->search, &job->events);
    }
    {
      const std::lock_guard lock(mutex);
      job->done = true;
    }
    done.notify_all();
  }
}

void ChunkWorkers::State::Enqueue(ChunkJob* job) {
  {
    const std::lock_guard lock(mutex);
    if (threads.size() < threads_wanted) threads.emplace_back([this] { Work(); });
    queue.push_back(job);
  }
  to_do.notify_one();
}

void ChunkWorkers::State::WaitFor(const ChunkJob& job) {
  std::unique_lock lock(mutex);
  done.wait(lock, [&] { return job.done; });
}

ChunkWorkers::ChunkWorkers(const Engine& engine, const ScanInput& input)
    : state_(std::make_unique<State>(engine, input)) {
  if (input.stats != nullptr) input.stats->scanners = state_->threads_wanted;
}

ChunkWorkers::~ChunkWorkers() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->ended = true;
  }
  state_->to_do.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

ChunkLine::ChunkLine(ChunkWorkers* workers, size_t most)
    : workers_(workers->state_.get()),
      most_(workers_->alone() ? 1 : most),
      own_(workers_->engine, workers_->input) {}

ChunkLine::~ChunkLine() {
  while (Pop()) {
  }
}

std::unique_ptr<ChunkJob> ChunkLine::NewJob() {
  if (free_.empty()) return std::make_unique<ChunkJob>();
  std::unique_ptr<ChunkJob> job = std::move(free_.back());
  free_.pop_back();
  job->events.Clear();
  return job;
}

void ChunkLine::DoHere(const Chunk& chunk, ChunkEvents* out) {
  const StageTimer timer(workers_->input.stats, Stage::kScan);
  out->Clear();
  own_.Scan(chunk, 0, nullptr, out);
}

void ChunkLine::Push(const Chunk& chunk, const PrefilterSearch* search, ChunkReader* from) {
  std::unique_ptr<ChunkJob> job = NewJob();
  job->chunk = chunk;
  job->search = search;
  job->done = workers_->alone();
  if (job->done) {
    const StageTimer timer(workers_->input.stats, Stage::kScan);
    own_.Scan(chunk, 0, search, &job->events);
  } else {
    if (!chunk.bytes.empty()) job->buffer = from->GiveAway(std::move(job->buffer));
    workers_->Enqueue(job.get());
  }
  in_order_.push_back(std::move(job));
}

std::unique_ptr<ChunkJob> ChunkLine::Pop() {
  if (in_order_.empty()) return nullptr;
  std::unique_ptr<ChunkJob> job = std::move(in_order_.front());
  in_order_.pop_front();
  if (!workers_->alone()) workers_->WaitFor(*job);
  return job;
}

}  // namespace gainsay
