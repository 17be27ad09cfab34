// A stream cut into chunks of whole records, so that a chunk can be understood
// without its neighbours.
//
//   ChunkReader reader(std::move(stream), options, starts_record);
//   while (absl::StatusOr<std::optional<Chunk>> c = reader.Next(); c.ok() && *c) …
//
// A chunk begins at the start of a line that `starts_record` accepts (or at the
// start of the stream) and ends right behind a newline, or at the end of the
// stream. Lines that only continue a record stay with it: the bytes from the last
// record's first line on are carried over into the next chunk until its end is
// known. Where the lines of several records are interleaved, a chunk ends where none of
// them goes on. Where a cut falls therefore never changes what is read.
// Exceptions, which depend on the bytes alone: a record longer than the cap (without its
// last newline) is cut behind the last newline that the cap allows, and what follows counts
// as a new record, as does the line behind an overlong one.
// Thread rules: one reader, one thread at a time.
#ifndef GAINSAY_INPUT_CHUNK_H_
#define GAINSAY_INPUT_CHUNK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "input/stream.h"

namespace gainsay {

// Every chunk is followed by this many readable bytes (simdjson and the prefilter read in blocks).
inline constexpr size_t kChunkPadding = 128;

// A view: valid until the next call of Next() on the reader that made it.
struct Chunk {
  std::string_view bytes;   // whole lines, newlines included
  uint64_t first_line = 1;  // number of the first line, from 1
  uint64_t offset = 0;      // of the first byte, from 0, in decompressed bytes
  // A line longer than the cap: `bytes` is empty, `overlong_bytes` says how many
  // bytes (its newline included) were passed over. It counts as one malformed line.
  uint64_t overlong_bytes = 0;
};

struct ChunkOptions {
  // Aimed at are ends at multiples of these, from the stream's first byte.
  size_t chunk_bytes = size_t{1} << 20;
  size_t max_line_bytes = size_t{16} << 20;  // cap of one line, and of one folded record
  // Cut after every read, however little it gave: for pipes that somebody watches.
  bool live = false;
  // Of the stream's first byte: where somebody goes on who read the bytes before it earlier.
  uint64_t first_line = 1, offset = 0;
  // So many lines `may_go_on` wants to see behind a border.
  size_t border_lines = 1;
  // False: each chunk's first line has the number of the stream's. Whoever reads the lines counts them
  // anyway.
  bool count_lines = true;
  size_t first_bytes = SIZE_MAX;  // where the first chunk aims to end, if that is before the others' ends
};

// What a chunk lies in.
struct ChunkBuffer {
  std::unique_ptr<char[]> bytes;
  size_t room = 0;  // without the padding
};

// Whether a record that begins before a border goes on behind it, among the lines of others.
enum class GoesOn : uint8_t {
  kNo,
  kYes,
  kUnknown,  // not enough lines behind the border
};

// Newlines in `bytes`, fast.
uint64_t CountLines(std::string_view bytes);

class ChunkReader {
 public:
  // `starts_record` says of a line (without its newline) that a record surely
  // begins there; it must not depend on other lines.
  using StartsRecord = std::function<bool(std::string_view line)>;
  // `may_go_on` is asked of such a line: of the lines before it that were not yet handed out, and of
  // it and those behind it; `enough`: these are ChunkOptions::border_lines, or more are not waited for (at
  // the end, and in live mode). It must look at a bounded number of lines of either. Where it can't tell, it
  // may say in `*unknown_from` which of the lines before makes it so: it can't tell of a border between that
  // and this one either, until there are enough lines behind.
  using MayGoOn = std::function<GoesOn(std::string_view before, std::string_view from, bool enough,
                                       size_t* unknown_from)>;

  ChunkReader(std::unique_ptr<ByteStream> stream, ChunkOptions options, StartsRecord starts_record,
              MayGoOn may_go_on = nullptr);
  // One that is fed: what was pushed and is complete is handed out by Next(), none meaning "for now".
  ChunkReader(ChunkOptions options, StartsRecord starts_record, MayGoOn may_go_on = nullptr);
  ~ChunkReader();
  ChunkReader(ChunkReader&&) noexcept;
  ChunkReader& operator=(ChunkReader&&) noexcept;

  // The next chunk, or none at the end. An error (see ByteStream::Read) comes after
  // the chunks of all bytes that could be read, and is final.
  absl::StatusOr<std::optional<Chunk>> Next();

  // Gives the chunk that Next() gave last away, with its buffer: it is valid as long as that. What the reader
  // holds behind it moves into `instead`, another buffer or none.
  ChunkBuffer GiveAway(ChunkBuffer instead);

  // Only where it is fed, and once Next() gave none. More bytes of the stream; no bytes are its end.
  void Feed(std::string_view bytes);
  // The lines that are there are taken for whole records, though the last one might go on: nobody wants to
  // wait. What follows begins anew. This changes what is read, so whoever wants to read it again has to
  // remember where.
  void CutHere();

  std::string_view held() const;  // what was fed and not handed out; valid until the next call of anything
  bool holds_lines() const;       // whole lines that were not handed out yet
  uint64_t bytes_read() const;    // decompressed bytes handed out so far
  uint64_t lines_end() const;     // where the last whole line ends that was read or fed

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gainsay

#endif  // GAINSAY_INPUT_CHUNK_H_
