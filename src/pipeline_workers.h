// Threads that scan chunks side by side and give the results back in order.
//
//   ChunkWorkers workers(engine, input, 4);
//   workers.Push(chunk, source, search);                    // copies the chunk
//   while (std::unique_ptr<ChunkJob> job = workers.Pop()) …  // the oldest, waited for; null if none is left
//
// Thread rules: pushed to and popped from by one thread.
#ifndef GAINSAY_PIPELINE_WORKERS_H_
#define GAINSAY_PIPELINE_WORKERS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "pipeline_chunk.h"

namespace gainsay {

struct ChunkJob {
  std::string bytes;  // the chunk's, padded
  Chunk chunk;
  uint32_t source = 0;
  const PrefilterSearch* search = nullptr;
  ChunkEvents events;
  bool done = false;
};

class ChunkWorkers {
 public:
  // As many threads as the input asks for, started when there is work; if that is one, Push() does the work.
  ChunkWorkers(const Engine& engine, const ScanInput& input);
  ~ChunkWorkers();

  void Push(const Chunk& chunk, uint32_t source, const PrefilterSearch* search);
  // Scans a chunk in the calling thread, every line of it.
  void DoHere(const Chunk& chunk, uint32_t source, ChunkEvents* out);
  std::unique_ptr<ChunkJob> Pop();
  // The job's memory is used again.
  void Recycle(std::unique_ptr<ChunkJob> job);

  // Enough is under way: pop before the next push.
  bool full() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_WORKERS_H_
