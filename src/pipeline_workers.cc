#include "pipeline_workers.h"

#include <utility>

#include "pipeline.h"

namespace gainsay {

namespace {

size_t ThreadsFor(const ScanInput& input) {
  // Whoever watches the records sees them in order.
  const size_t jobs = input.watch ? 1 : input.jobs == 0 ? std::thread::hardware_concurrency() : input.jobs;
  return jobs < 2 ? 0 : jobs;
}

}  // namespace

ChunkWorkers::ChunkWorkers(const Engine& engine, const ScanInput& input)
    : engine_(engine),
      input_(input),
      threads_wanted_(ThreadsFor(input)),
      most_(threads_wanted_ == 0 ? 1 : 2 * threads_wanted_),
      own_(engine, input) {}

void ChunkWorkers::DoHere(const Chunk& chunk, uint32_t source, ChunkEvents* out) {
  out->Clear();
  own_.Scan(chunk, source, nullptr, out);
}

ChunkWorkers::~ChunkWorkers() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    queue_.clear();
  }
  to_do_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ChunkWorkers::Push(const Chunk& chunk, uint32_t source, const PrefilterSearch* search) {
  std::unique_ptr<ChunkJob> job;
  if (free_.empty()) {
    job = std::make_unique<ChunkJob>();
  } else {
    job = std::move(free_.back());
    free_.pop_back();
  }
  job->events.Clear();
  job->chunk = chunk;
  job->source = source;
  job->search = search;
  if (threads_wanted_ == 0) {
    own_.Scan(chunk, source, search, &job->events);
    job->done = true;
    in_order_.push_back(std::move(job));
    return;
  }
  job->done = false;
  job->bytes.assign(chunk.bytes).append(kChunkPadding, '\0');
  job->chunk.bytes = std::string_view(job->bytes).substr(0, chunk.bytes.size());
  if (threads_.size() < threads_wanted_) threads_.emplace_back([this] { Work(); });
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(job.get());
  }
  in_order_.push_back(std::move(job));
  to_do_.notify_one();
}

std::unique_ptr<ChunkJob> ChunkWorkers::Pop() {
  if (in_order_.empty()) return nullptr;
  std::unique_ptr<ChunkJob> job = std::move(in_order_.front());
  in_order_.pop_front();
  if (threads_wanted_ > 0) {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return job->done; });
  }
  return job;
}

void ChunkWorkers::Recycle(std::unique_ptr<ChunkJob> job) { free_.push_back(std::move(job)); }

void ChunkWorkers::Work() {
  ChunkScanner scanner(engine_, input_);
  while (true) {
    ChunkJob* job = nullptr;
    {
      std::unique_lock lock(mutex_);
      to_do_.wait(lock, [this] { return ended_ || !queue_.empty(); });
      if (ended_) return;
      job = queue_.front();
      queue_.pop_front();
    }
    scanner.Scan(job->chunk, job->source, job->search, &job->events);
    {
      const std::lock_guard lock(mutex_);
      job->done = true;
    }
    done_.notify_one();
  }
}

}  // namespace gainsay
