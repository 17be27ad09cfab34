// Files into chunks: plain, gzip and zstd; and unpacking alone, beside what igzip (Debian: isal) and zstd do
// on the same file in the same run. Page cache warm. Bytes are those after decompression.
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdlib>
#include <fstream>

#include "benchmark/benchmark.h"
#include "input/chunk.h"
#include "input/decompressor.h"
#include "input/members.h"
#include "pipeline_read_ahead.h"
#include "sample_log.h"

namespace gainsay {
namespace {

constexpr uint64_t kBytes = uint64_t{64} << 20;

std::string Gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string Zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

std::string Plain(const std::string& text) { return text; }

// A file that is gone when the benchmark ends.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& bytes) {
    const char* directory = std::getenv("TMPDIR");
    path_ = std::string(directory != nullptr ? directory : "/tmp") + "/gainsay-bench-XXXXXX";
    const int file = mkstemp(path_.data());
    if (file >= 0) close(file);
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TemporaryFile() { unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  Source AsSource() const { return {path_, path_}; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct Totals {
  uint64_t bytes = 0, chunks = 0, newlines_at_end = 0;
  bool ok = false;
};

Totals ReadAll(const Source& source) {
  Totals totals;
  absl::StatusOr<std::unique_ptr<ByteStream>> stream = OpenStream(source);
  if (!stream.ok()) return totals;
  ChunkReader reader(std::move(*stream), {},
                     [](std::string_view line) { return StartsRecord(line, BuiltinEngine().texts()); });
  while (true) {
    const absl::StatusOr<std::optional<Chunk>> chunk = reader.Next();
    if (!chunk.ok()) return totals;
    if (!*chunk) break;
    ++totals.chunks;
    totals.bytes += (*chunk)->bytes.size();
    totals.newlines_at_end += (*chunk)->bytes.ends_with('\n') ? 1 : 0;
  }
  totals.ok = true;
  return totals;
}

void BM_ReadChunks(benchmark::State& state, std::string (*pack)(const std::string&), const char* what) {
  SampleLog log = MakeLog({.bytes = kBytes});
  log.bytes.resize(log.truth.bytes);  // without the padding
  const TemporaryFile file(pack(log.bytes));
  uint64_t chunks = 0;
  for (auto _ : state) {
    const Totals totals = ReadAll(file.AsSource());
    if (!totals.ok || totals.bytes != log.truth.bytes || totals.newlines_at_end != totals.chunks) {
      state.SkipWithError("the chunks are not the log");
      return;
    }
    chunks += totals.chunks;
  }
  state.SetBytesProcessed(static_cast<int64_t>(log.truth.bytes) * static_cast<int64_t>(state.iterations()));
  state.SetItemsProcessed(static_cast<int64_t>(chunks));
  state.SetLabel(std::string("64 MiB of all shapes, ") + what + "; items are chunks");
}

// ---- Unpacking alone -------------------------------------------------------------------

using Pack = std::string (*)(const std::string&);

const std::string& LargeLog() {
  static const std::string* log = [] {
    SampleLog made = MakeLog({.bytes = 4 * kBytes});
    made.bytes.resize(made.truth.bytes);
    return new std::string(std::move(made.bytes));
  }();
  return *log;
}

// One file of each, for our rows and the peer's.
const TemporaryFile& LargeFile(Pack pack) {
  static const TemporaryFile gz(Gzip(LargeLog())), zst(Zstd(LargeLog()));
  return pack == &Gzip ? gz : zst;
}

uint64_t Drain(ByteStream* stream) {
  constexpr size_t kBlock = size_t{256} << 10;
  const auto block = std::make_unique_for_overwrite<char[]>(kBlock);
  uint64_t bytes = 0;
  while (true) {
    const absl::StatusOr<size_t> n = stream->Read(block.get(), kBlock);
    if (!n.ok() || *n == 0) return bytes;
    bytes += *n;
  }
}

uint64_t ByOpenStream(const Source& source) { return Drain(OpenStream(source)->get()); }

uint64_t ByReadAhead(const Source& source) {
  const std::unique_ptr<Members> members = ReadAhead(std::move(*OpenSource(source, {})));
  return Drain((*members->Next())->stream->get());
}

uint64_t ByZlib(const Source& source) {
  std::ifstream in(source.path, std::ios::binary);
  std::string packed(std::istreambuf_iterator<char>(in), {});
  return Drain(GzipStreamByZlib(MemoryStream(std::move(packed))).get());
}

void Count(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<int64_t>(LargeLog().size()) * state.iterations());
}

void BM_Unpack(benchmark::State& state, Pack pack, uint64_t (*unpack)(const Source&)) {
  const Source source = LargeFile(pack).AsSource();
  for (auto _ : state) {
    if (unpack(source) != LargeLog().size()) return state.SkipWithError("the bytes are not the log");
  }
  Count(state);
}

void BM_Peer(benchmark::State& state, Pack pack, const std::string& command) {
  const std::string whole = command + " <'" + LargeFile(pack).path() + "' >/dev/null 2>&1";
  for (auto _ : state) {
    if (std::system(whole.c_str()) != 0) return state.SkipWithError("not installed");
  }
  Count(state);
}

#define UNPACK_ROW(function, name, ...) \
  BENCHMARK_CAPTURE(function, row, __VA_ARGS__)->Name(name)->Unit(benchmark::kMillisecond)->UseRealTime()
UNPACK_ROW(BM_Peer, "Unpack/gz/igzip -dc", Gzip, "igzip -dc");
UNPACK_ROW(BM_Unpack, "Unpack/gz/stream", Gzip, ByOpenStream);
UNPACK_ROW(BM_Unpack, "Unpack/gz/read_ahead", Gzip, ByReadAhead);
UNPACK_ROW(BM_Unpack, "Unpack/gz/zlib", Gzip, ByZlib);
UNPACK_ROW(BM_Peer, "Unpack/gz/gzip -dc", Gzip, "gzip -dc");
UNPACK_ROW(BM_Peer, "Unpack/zst/zstd -dc", Zstd, "zstd -dc");
UNPACK_ROW(BM_Unpack, "Unpack/zst/stream", Zstd, ByOpenStream);
UNPACK_ROW(BM_Unpack, "Unpack/zst/read_ahead", Zstd, ByReadAhead);

BENCHMARK_CAPTURE(BM_ReadChunks, plain, Plain, "plain")
    ->Name("ReadChunks/plain")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_ReadChunks, gz, Gzip, "gzip -6")->Name("ReadChunks/gz")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_ReadChunks, zst, Zstd, "zstd -3")->Name("ReadChunks/zst")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gainsay

int main(int argc, char** argv) { return gainsay::RunBenchmarks(argc, argv); }
