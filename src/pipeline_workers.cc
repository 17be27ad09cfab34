#include "pipeline_workers.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "pipeline.h"

namespace gainsay {

struct ChunkWorkers::State {
  State(const Engine& the_engine, const ScanInput& the_input, size_t wanted)
      : engine(the_engine),
        input(the_input),
        threads_wanted(wanted),
        most(wanted == 0 ? 1 : 2 * wanted),
        own(the_engine, the_input) {}

  void Work();
  std::unique_ptr<ChunkJob> NewJob();
  void Enqueue(ChunkJob* job);

  const Engine& engine;
  const ScanInput& input;
  const size_t threads_wanted;  // 0: none
  const size_t most;            // jobs under way
  ChunkScanner own;

  std::vector<std::unique_ptr<ChunkJob>> free;
  std::deque<std::unique_ptr<ChunkJob>> in_order;  // pushed and not popped

  std::mutex mutex;
  std::condition_variable to_do, done;
  std::deque<ChunkJob*> queue;  // guarded by mutex, as each job's `done` is
  bool ended = false;           // guarded by mutex
  std::vector<std::thread> threads;
};

namespace {

size_t ThreadsFor(const ScanInput& input) {
  // Whoever watches the records sees them in order.
  const size_t jobs = input.watch ? 1 : input.jobs == 0 ? std::thread::hardware_concurrency() : input.jobs;
  return jobs < 2 ? 0 : jobs;
}

}  // namespace

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
    scanner.Scan(job->chunk, job->source, job->search, &job->events);
    {
      const std::lock_guard lock(mutex);
      job->done = true;
    }
    done.notify_one();
  }
}

std::unique_ptr<ChunkJob> ChunkWorkers::State::NewJob() {
  if (free.empty()) return std::make_unique<ChunkJob>();
  std::unique_ptr<ChunkJob> job = std::move(free.back());
  free.pop_back();
  job->events.Clear();
  return job;
}

void ChunkWorkers::State::Enqueue(ChunkJob* job) {
  if (threads.size() < threads_wanted) threads.emplace_back([this] { Work(); });
  {
    const std::lock_guard lock(mutex);
    queue.push_back(job);
  }
  to_do.notify_one();
}

ChunkWorkers::ChunkWorkers(const Engine& engine, const ScanInput& input)
    : state_(std::make_unique<State>(engine, input, ThreadsFor(input))) {}

ChunkWorkers::~ChunkWorkers() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->ended = true;
    state_->queue.clear();
  }
  state_->to_do.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

void ChunkWorkers::DoHere(const Chunk& chunk, uint32_t source, ChunkEvents* out) {
  out->Clear();
  state_->own.Scan(chunk, source, nullptr, out);
}

void ChunkWorkers::Push(const Chunk& chunk, uint32_t source, const PrefilterSearch* search) {
  std::unique_ptr<ChunkJob> job = state_->NewJob();
  job->chunk = chunk;
  job->source = source;
  job->search = search;
  job->done = state_->threads_wanted == 0;
  if (job->done) {
    state_->own.Scan(chunk, source, search, &job->events);
  } else {
    job->bytes.assign(chunk.bytes).append(kChunkPadding, '\0');
    job->chunk.bytes = std::string_view(job->bytes).substr(0, chunk.bytes.size());
    state_->Enqueue(job.get());
  }
  state_->in_order.push_back(std::move(job));
}

std::unique_ptr<ChunkJob> ChunkWorkers::Pop() {
  if (state_->in_order.empty()) return nullptr;
  std::unique_ptr<ChunkJob> job = std::move(state_->in_order.front());
  state_->in_order.pop_front();
  if (state_->threads_wanted > 0) {
    std::unique_lock lock(state_->mutex);
    state_->done.wait(lock, [&] { return job->done; });
  }
  return job;
}

void ChunkWorkers::Recycle(std::unique_ptr<ChunkJob> job) { state_->free.push_back(std::move(job)); }

bool ChunkWorkers::full() const { return state_->in_order.size() >= state_->most; }

}  // namespace gainsay
