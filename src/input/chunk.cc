// One buffer holds what was read and not yet handed out; it always begins at the start of a
// record. The cut is looked for from the back, line by line, until a line starts a record; lines
// once looked at are never looked at again, so a record that grows and grows costs no more than
// its bytes. Only where what lies before the cut is longer than the cap can it hold a record that
// is too long, and only then is it walked from the front.
#include "input/chunk.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gainsay {
namespace {

constexpr size_t kBlockBytes = size_t{256} << 10;

// Newlines, added up in bytes so that the compiler can use whole vectors, as wide as where it is inlined.
[[gnu::always_inline]] inline uint64_t CountNewlines(std::string_view bytes) {
  constexpr size_t kLanes = 32, kRounds = 255;
  uint64_t lines = 0;
  while (bytes.size() >= kLanes) {
    uint8_t sums[kLanes] = {};
    const size_t rounds = std::min(bytes.size() / kLanes, kRounds);
    for (size_t round = 0; round < rounds; ++round) {
      const char* at = bytes.data() + round * kLanes;
      for (size_t i = 0; i < kLanes; ++i) sums[i] = static_cast<uint8_t>(sums[i] + (at[i] == '\n'));
    }
    for (const uint8_t sum : sums) lines += sum;
    bytes.remove_prefix(rounds * kLanes);
  }
  for (const char c : bytes) lines += c == '\n' ? 1 : 0;
  return lines;
}

#ifdef __x86_64__
__attribute__((target("avx2"))) uint64_t CountByAvx2(std::string_view bytes) { return CountNewlines(bytes); }
#endif

ChunkBuffer NewBuffer(size_t room) {
  return {std::make_unique_for_overwrite<char[]>(room + kChunkPadding), room};
}

}  // namespace

uint64_t CountLines(std::string_view bytes) {
#ifdef __x86_64__
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) return CountByAvx2(bytes);
#endif
  return CountNewlines(bytes);
}

// All positions count from the first byte that was not yet handed out.
struct ChunkReader::State {
  std::unique_ptr<ByteStream> stream;
  ChunkOptions options;
  StartsRecord starts_record;
  MayGoOn may_go_on;  // or none

  ChunkBuffer buffer;
  size_t begin = 0;  // the first byte that was not yet handed out
  size_t end = 0;
  size_t handed_out = 0;  // the chunk at the front, which the caller still looks at
  uint64_t line = 1;      // of `begin`
  uint64_t offset = 0;    // of `begin`
  bool ended = false;     // nothing more can be read
  absl::Status error;     // why, if not the end

  bool cut_here = false;      // CutHere was asked for: a chunk ends at lines_end
  bool passing_over = false;  // in an overlong line that has not ended
  Chunk overlong;             // that line

  size_t lines_end = 0;     // behind the last newline (at the end: behind the last byte)
  size_t searched = 0;      // lines_end when a record's start was last looked for
  size_t checked = 0;       // no line between record_start and here starts a record
  size_t record_start = 0;  // of the last record found to start; 0: none but the first one

  std::string_view pending() const { return {buffer.bytes.get() + begin, end - begin}; }
  std::string_view Line(size_t from, size_t to) const;
  bool HasLines(size_t from, size_t lines) const;
  bool HasEnough(size_t lines) const { return ended || options.live || lines >= options.border_lines; }
  GoesOn BorderAt(size_t start, size_t line_end, bool enough, size_t* unknown_from) const;

  size_t Aim() const;
  void Forget(size_t bytes);
  void ForgetHandedOut();
  void MakeRoom(size_t bytes);
  void Read(size_t bytes);
  void Took(size_t bytes);
  void PassOverSome();
  void FindRecordStart();
  size_t FirstCut(size_t limit) const;
  size_t Cut();
  bool FirstLineIsOverlong() const;
  Chunk HandOut(size_t bytes);
  Chunk PassOver();
  std::optional<Chunk> NextOfFed();
};

// The line without its newline, be it LF or CRLF.
std::string_view ChunkReader::State::Line(size_t from, size_t to) const {
  std::string_view line_bytes = pending().substr(from, to - from);
  if (!line_bytes.empty() && line_bytes.back() == '\n') line_bytes.remove_suffix(1);
  if (!line_bytes.empty() && line_bytes.back() == '\r') line_bytes.remove_suffix(1);
  return line_bytes;
}

// How large the next chunk ought to be.
size_t ChunkReader::State::Aim() const {
  if (offset == options.offset) return std::min(options.first_bytes, options.chunk_bytes);
  const size_t left = options.chunk_bytes - (offset - options.offset) % options.chunk_bytes;
  return left + (left < options.chunk_bytes / 2 ? options.chunk_bytes : 0);
}

// Takes bytes from the front.
void ChunkReader::State::Forget(size_t bytes) {
  begin += bytes;
  offset += bytes;
  for (size_t* position : {&lines_end, &searched, &checked, &record_start})
    *position -= std::min(*position, bytes);
  if (begin == end) begin = end = 0;
}

void ChunkReader::State::ForgetHandedOut() {
  if (options.count_lines) line += CountLines(pending().substr(0, handed_out));
  Forget(std::exchange(handed_out, 0));
}

// Room for more bytes behind `end`: moves what is pending to the front where that at least halves
// what lies there (so that a byte is moved a constant number of times), else takes a buffer twice
// as large as needed.
void ChunkReader::State::MakeRoom(size_t bytes) {
  if (buffer.room - end >= bytes) return;
  const size_t size = end - begin;
  if (size <= begin && buffer.room - size >= bytes) {
    std::memmove(buffer.bytes.get(), buffer.bytes.get() + begin, size);
  } else {
    ChunkBuffer larger = NewBuffer(2 * (size + bytes));
    if (size > 0) std::memcpy(larger.bytes.get(), buffer.bytes.get() + begin, size);
    buffer = std::move(larger);
  }
  begin = 0;
  end = size;
}

void ChunkReader::State::Read(size_t bytes) {
  bytes = std::clamp<size_t>(bytes, 1, kBlockBytes);
  MakeRoom(bytes);
  absl::StatusOr<size_t> n = stream->Read(buffer.bytes.get() + end, bytes);
  error = n.status();
  Took(n.ok() ? *n : 0);
}

// So many bytes were put behind `end`; none: there will be no more.
void ChunkReader::State::Took(size_t bytes) {
  const size_t before = end - begin;
  end += bytes;
  std::memset(buffer.bytes.get() + end, 0, kChunkPadding);
  ended = bytes == 0;
  const size_t newline = pending().substr(before).rfind('\n');
  if (newline != std::string_view::npos) lines_end = before + newline + 1;
  if (ended) lines_end = end - begin;
}

// Whether so many whole lines begin at `from`.
bool ChunkReader::State::HasLines(size_t from, size_t lines) const {
  for (; lines > 0 && from < lines_end; --lines)
    from = std::min(pending().find('\n', from), lines_end - 1) + 1;
  return lines == 0;
}

// kNo: a chunk may end before the line from `start` to `line_end`. For the rest see ChunkReader::MayGoOn.
GoesOn ChunkReader::State::BorderAt(size_t start, size_t line_end, bool enough, size_t* unknown_from) const {
  if (!starts_record(Line(start, line_end))) return GoesOn::kYes;
  if (!may_go_on) return GoesOn::kNo;
  return may_go_on(pending().substr(0, start), pending().substr(start, lines_end - start), enough,
                   unknown_from);
}

// Moves record_start to the last line before which a chunk may end, among those not yet looked at;
// lines of which that can't be told yet are looked at again.
void ChunkReader::State::FindRecordStart() {
  if (lines_end == searched) return;
  searched = lines_end;
  size_t line_end = lines_end, undecided = lines_end, unknown_from = lines_end;
  for (size_t lines = 1; line_end > checked; ++lines) {
    const std::string_view before = pending().substr(checked, line_end - 1 - checked);
    const void* newline = memrchr(before.data(), '\n', before.size());
    const size_t start =
        newline == nullptr ? checked
                           : line_end - static_cast<size_t>(before.end() - static_cast<const char*>(newline));
    const bool enough = HasEnough(lines);
    const GoesOn border = start == 0 ? GoesOn::kYes
                          : !enough && start > unknown_from
                              ? GoesOn::kUnknown
                              : BorderAt(start, line_end, enough, &unknown_from);
    if (border == GoesOn::kNo) {
      record_start = start;
      break;
    }
    if (border == GoesOn::kUnknown) undecided = start;
    line_end = start;
  }
  checked = undecided;
}

// Where the first record that begins before `limit` (a cut) and is longer than the cap has to be
// cut; `limit` if there is none.
size_t ChunkReader::State::FirstCut(size_t limit) const {
  const std::string_view bytes = pending().substr(0, limit);
  const size_t cap = options.max_line_bytes;
  if (limit <= cap) return limit;
  const auto border_at = [this](size_t start, size_t line_end) {
    size_t ignored = 0;
    return BorderAt(start, line_end, HasEnough(0) || HasLines(start, options.border_lines), &ignored);
  };
  size_t record = 0;
  for (size_t start = 0; start < limit;) {
    const size_t newline = std::min(bytes.find('\n', start), limit);
    if (newline - start > cap) return start;
    const size_t next = std::min(newline + 1, limit);
    if (newline - record > cap) {
      if (border_at(start, next) != GoesOn::kNo) return start;
      record = start;
    } else if (start > record && border_at(start, next) == GoesOn::kNo) {
      record = start;
    }
    start = next;
  }
  return limit;
}

// How many bytes can be handed out now; 0 if more must be read (or the first line is overlong).
size_t ChunkReader::State::Cut() {
  if (!ended) FindRecordStart();
  const size_t limit = ended ? end - begin : cut_here ? lines_end : record_start;
  if (limit > 0) return FirstCut(limit);
  const size_t cap = options.max_line_bytes;
  if (end - begin <= cap) return 0;
  // One record, not yet ended, and too long whatever follows: its next line is part of it, or
  // is overlong, or starts the next one, and each is reason to cut in front of it.
  return pending().substr(0, cap + 1).rfind('\n') + 1;
}

bool ChunkReader::State::FirstLineIsOverlong() const {
  const size_t cap = options.max_line_bytes;
  return end - begin > cap && memchr(pending().data(), '\n', cap + 1) == nullptr;
}

Chunk ChunkReader::State::HandOut(size_t bytes) {
  handed_out = bytes;
  return {pending().substr(0, bytes), line, offset, 0};
}

// Forgets what is there of the overlong line; `passing_over` tells whether it goes on.
void ChunkReader::State::PassOverSome() {
  if (!passing_over) overlong = {{}, line, offset, 0};
  const size_t newline = pending().find('\n');
  Forget(newline == std::string_view::npos ? end - begin : newline + 1);
  passing_over = newline == std::string_view::npos && !ended;
  if (passing_over) return;
  if (options.count_lines) ++line;
  overlong.overlong_bytes = offset - overlong.offset;
}

// Reads on to the end of the overlong line, keeping nothing of it.
Chunk ChunkReader::State::PassOver() {
  PassOverSome();
  while (passing_over) {
    Read(kBlockBytes);
    PassOverSome();
  }
  return overlong;
}

ChunkReader::ChunkReader(std::unique_ptr<ByteStream> stream, ChunkOptions options, StartsRecord starts_record,
                         MayGoOn may_go_on)
    : state_(std::make_unique<State>()) {
  state_->stream = std::move(stream);
  options.max_line_bytes = std::clamp<size_t>(options.max_line_bytes, 1, SIZE_MAX / 4);
  options.chunk_bytes = std::clamp<size_t>(options.chunk_bytes, 1, SIZE_MAX / 4);
  options.first_bytes = std::max<size_t>(options.first_bytes, 1);
  state_->options = options;
  state_->line = options.first_line;
  state_->offset = options.offset;
  state_->starts_record = std::move(starts_record);
  state_->may_go_on = std::move(may_go_on);
}

ChunkReader::ChunkReader(ChunkOptions options, StartsRecord starts_record, MayGoOn may_go_on)
    : ChunkReader(nullptr, options, std::move(starts_record), std::move(may_go_on)) {}

ChunkReader::~ChunkReader() = default;
ChunkReader::ChunkReader(ChunkReader&&) noexcept = default;
ChunkReader& ChunkReader::operator=(ChunkReader&&) noexcept = default;

absl::StatusOr<std::optional<Chunk>> ChunkReader::Next() {
  State& s = *state_;
  s.ForgetHandedOut();
  if (s.stream == nullptr) return s.NextOfFed();
  size_t target = s.Aim();
  while (true) {
    const size_t size = s.end - s.begin;
    if (s.ended || s.options.live || size >= target) {
      if (s.FirstLineIsOverlong()) return s.PassOver();
      if (const size_t cut = s.Cut(); cut > 0) return s.HandOut(cut);
      if (s.ended) break;
      target = size + s.options.chunk_bytes;
    }
    s.Read(target - size);
  }
  if (!s.error.ok()) return std::exchange(s.error, absl::OkStatus());
  return std::nullopt;
}

ChunkBuffer ChunkReader::GiveAway(ChunkBuffer instead) {
  State& s = *state_;
  const std::string_view rest = s.pending().substr(s.handed_out);
  s.ForgetHandedOut();
  if (const size_t needed = std::max(rest.size(), s.Aim()); instead.room < needed)
    instead = NewBuffer(needed + kBlockBytes);
  std::memcpy(instead.bytes.get(), rest.data(), rest.size() + kChunkPadding);
  std::swap(s.buffer, instead);
  s.begin = 0;
  s.end = rest.size();
  return instead;
}

// What was fed and is complete.
std::optional<Chunk> ChunkReader::State::NextOfFed() {
  if (passing_over || FirstLineIsOverlong()) {
    PassOverSome();
    if (passing_over) return std::nullopt;
    return overlong;
  }
  if (begin != end) {
    if (const size_t cut = Cut(); cut > 0) return HandOut(cut);
  }
  cut_here = false;
  return std::nullopt;
}

void ChunkReader::Feed(std::string_view bytes) {
  State& s = *state_;
  s.MakeRoom(std::max<size_t>(bytes.size(), 1));
  if (!bytes.empty()) std::memcpy(s.buffer.bytes.get() + s.end, bytes.data(), bytes.size());
  s.Took(bytes.size());
}

void ChunkReader::CutHere() { state_->cut_here = true; }

std::string_view ChunkReader::held() const { return state_->pending().substr(state_->handed_out); }

bool ChunkReader::holds_lines() const { return state_->lines_end > state_->handed_out; }

uint64_t ChunkReader::bytes_read() const { return state_->offset + state_->handed_out; }

uint64_t ChunkReader::lines_end() const {
  return state_->offset + std::max(state_->lines_end, state_->handed_out);
}

}  // namespace gainsay
