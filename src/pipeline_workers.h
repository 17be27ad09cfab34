// Threads that scan chunks side by side, and lines at which their results come out in the order of the
// chunks.
//
//   ChunkWorkers workers(engine, input);
//   ChunkLine line(&workers, 8);                            // one for each source that is read at once
//   line.Push(chunk, search, &chunks);                      // takes the chunk
//   while (std::unique_ptr<ChunkJob> job = line.Pop()) …    // the oldest, waited for; null if none is left
//
// Thread rules: the workers may be shared; a line is for one thread.
#ifndef GAINSAY_PIPELINE_WORKERS_H_
#define GAINSAY_PIPELINE_WORKERS_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "pipeline_chunk.h"

namespace gainsay {

struct ChunkJob {
  ChunkBuffer buffer;  // what the chunk lies in
  Chunk chunk;
  const PrefilterSearch* search = nullptr;
  ChunkEvents events;
  bool done = false;
};

// How many threads a scan of `input` may use: at least one.
size_t JobsOf(const ScanInput& input);

class ChunkWorkers {
 public:
  // JobsOf(input) threads, started when there is work; none if that is one.
  ChunkWorkers(const Engine& engine, const ScanInput& input);
  ~ChunkWorkers();

 private:
  friend class ChunkLine;
  struct State;
  std::unique_ptr<State> state_;
};

class ChunkLine {
 public:
  // At most `most` chunks are under way. Without workers Push() does the work.
  ChunkLine(ChunkWorkers* workers, size_t most);
  ~ChunkLine();  // waits for what is under way

  // `from` gave the chunk last, and may be asked to give it away.
  void Push(const Chunk& chunk, const PrefilterSearch* search, ChunkReader* from);
  // Scans a chunk in the calling thread, every line of it.
  void DoHere(const Chunk& chunk, ChunkEvents* out);
  std::unique_ptr<ChunkJob> Pop();
  // The job's memory is used again.
  void Recycle(std::unique_ptr<ChunkJob> job) { free_.push_back(std::move(job)); }

  // Enough is under way: pop before the next push.
  bool full() const { return in_order_.size() >= most_; }

 private:
  std::unique_ptr<ChunkJob> NewJob();

  ChunkWorkers::State* const workers_;
  const size_t most_;
  ChunkScanner own_;
  std::vector<std::unique_ptr<ChunkJob>> free_;
  std::deque<std::unique_ptr<ChunkJob>> in_order_;  // pushed and not popped
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_WORKERS_H_
