// A line is told by its first character: '{' must be a JSON object, everything else is text.
// Either gives a message, and the message is looked at again: it may be an object of an inner
// logger, or a line that a text format takes apart, and so on inwards; each layer is put over
// the ones around it (layers.h). Then the lines that only continue the record are folded into it:
// behind a line that a format took, all that no format takes; behind any other, those that
// look like continuations. Whatever begins a record ends the fold, so a chunk may begin there.
//
// Left out: CRI's partial lines are not joined, and the many records of one OTLP line not split.

#include "record/reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "record/decode.h"
#include "record/json.h"
#include "record/layers.h"
#include "record/lines.h"

namespace gainsay {
namespace {

constexpr size_t kMaxLayers = 8;

std::string_view TrimMessage(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// `text` with what is no UTF-8 replaced, in `scratch` if need be.
std::string_view Repaired(std::string_view text, std::string* scratch) {
  if (IsUtf8(text)) return text;
  RepairUtf8(text, scratch);
  const size_t size = scratch->size();
  scratch->append(kChunkPadding, '\0');  // it may hold JSON, which is read in place
  return {scratch->data(), size};
}

}  // namespace

void ReadCounters::Add(const ReadCounters& other) {
  lines += other.lines;
  records += other.records;
  malformed += other.malformed;
  blank += other.blank;
  folded += other.folded;
  skipped += other.skipped;
  bytes += other.bytes;
  overlong += other.overlong;
  null_messages += other.null_messages;
  invalid_utf8 += other.invalid_utf8;
  if (first_malformed_line == 0) {
    first_malformed_line = other.first_malformed_line;
  } else if (other.first_malformed_line != 0) {
    first_malformed_line = std::min(first_malformed_line, other.first_malformed_line);
  }
}

struct RecordReader::State {
  State(const FieldPlan& the_plan, const TextFormats& the_texts, Zone zone)
      : plan(the_plan), texts(the_texts), layers(the_plan, zone) {}

  bool TakeLine(std::string_view* line);
  bool ReadLine(std::string_view line);
  bool ReadText(std::string_view line);
  bool Unwrap(bool from_json, bool formatted);
  bool UnwrapFormat();
  bool MatchLine(std::string_view text, TextParts* parts);
  JsonObject& Object(size_t depth);
  void Fold();
  bool Folds(std::string_view line);
  void CountMalformed();

  const FieldPlan& plan;
  const TextFormats& texts;
  Layers layers;
  std::array<std::unique_ptr<JsonObject>, kMaxLayers> objects;  // one a depth: views of all stay valid

  AttributePaths* observer = nullptr;
  Chunk chunk;
  uint32_t source = 0;
  size_t next = 0;  // of the chunk's bytes: where the next line begins
  uint64_t line_number = 0;
  bool chunk_is_utf8 = true;

  Record record;
  ReadCounters counters;
  bool repaired = false;      // this record had bytes that are no UTF-8
  bool formatted = false;     // a text format took this record's line
  bool in_traceback = false;  // an exception's own line, at the margin, is to come
  std::string line_scratch, fold_scratch;

  // What the search for the fold's end learned about the line that ended it.
  const char* ahead = nullptr;
  bool ahead_matches = false;
  TextParts ahead_parts;
};

bool RecordReader::State::TakeLine(std::string_view* line) {
  if (next >= chunk.bytes.size()) return false;
  size_t end = chunk.bytes.find('\n', next);
  if (end == std::string_view::npos) end = chunk.bytes.size();
  *line = chunk.bytes.substr(next, end - next);
  next = std::min(end + 1, chunk.bytes.size());
  ++line_number;
  ++counters.lines;
  return true;
}

JsonObject& RecordReader::State::Object(size_t depth) {
  if (!objects[depth]) {
    objects[depth] = std::make_unique<JsonObject>(plan);
    objects[depth]->Observe(observer);
  }
  return *objects[depth];
}

bool RecordReader::State::MatchLine(std::string_view text, TextParts* parts) {
  if (ahead != text.data()) return texts.Match(text, parts);
  ahead = nullptr;
  *parts = ahead_parts;
  return ahead_matches;
}

// False: malformed.
bool RecordReader::State::ReadLine(std::string_view line) {
  repaired = formatted = in_traceback = false;
  layers.Begin(&record);
  const std::string_view json = StripToJson(line);
  if (json[0] != '{') return ReadText(StripMarks(line));
  JsonObject& object = Object(0);
  if (!object.Read(json)) return false;
  layers.AddJson(object);
  repaired = object.repaired_utf8();
  return Unwrap(true, false);
}

bool RecordReader::State::ReadText(std::string_view line) {
  if (!chunk_is_utf8) {
    const std::string_view text = Repaired(line, &line_scratch);
    repaired = text.data() != line.data();
    line = text;
  }
  record.message = line;
  TextParts parts;
  formatted = MatchLine(line, &parts);
  if (!formatted) {
    in_traceback = IsTracebackHead(line);
    return true;
  }
  layers.AddText(parts);
  return Unwrap(false, true);
}

// Looks into the message until nothing more is found in it. False: what stands behind a
// known prefix of the line begins like an object and is none.
bool RecordReader::State::Unwrap(bool from_json, bool line_formatted) {
  for (size_t depth = 1; depth < kMaxLayers; ++depth) {
    record.message = TrimMessage(record.message);
    const std::string_view json = StripToJson(record.message);
    if (json.empty()) return true;
    if (json[0] != '{') {
      if (!UnwrapFormat()) return true;
      continue;
    }
    JsonObject& object = Object(depth);
    const bool whole = object.Read(json);
    if (!whole && line_formatted && !from_json) return false;
    if (!whole || !layers.HasMessage(object)) return true;
    from_json = true;
    layers.AddJson(object);
    repaired = repaired || object.repaired_utf8();
  }
  return true;
}

// A format takes a message apart by its first line; the rest is like folded lines.
bool RecordReader::State::UnwrapFormat() {
  const std::string_view message = record.message;
  const size_t newline = message.find('\n');
  const std::string_view head = TrimMessage(message.substr(0, newline));
  TextParts parts;
  if (!texts.Match(head, &parts)) return false;
  const std::string_view inner = parts.fields[static_cast<size_t>(Field::kMessage)];
  if (inner.size() >= head.size()) return false;
  layers.AddText(parts);
  if (newline != std::string_view::npos) layers.AddError(message.substr(newline + 1));
  return true;
}

bool RecordReader::State::Folds(std::string_view line) {
  std::string_view text = StripMarks(line);
  if (!chunk_is_utf8) text = Repaired(text, &fold_scratch);
  if (texts.Match(text, &ahead_parts)) {
    ahead_matches = true;
    ahead = text.data() == fold_scratch.data() ? nullptr : text.data();
    return false;
  }
  if (formatted) return true;
  const bool is_head = IsTracebackHead(text);
  if (is_head || LooksLikeContinuation(text)) {
    in_traceback = in_traceback || is_head;
    return true;
  }
  if (std::exchange(in_traceback, false)) return true;  // "ValueError: …" ends the traceback
  ahead_matches = false;
  ahead = text.data() == fold_scratch.data() ? nullptr : text.data();
  return false;
}

void RecordReader::State::Fold() {
  std::string_view folded;
  std::string_view line;
  while (next < chunk.bytes.size()) {
    const size_t before = next;
    TakeLine(&line);
    const std::string_view json = StripToJson(line);
    if (json.empty()) {
      ++counters.blank;
      continue;
    }
    if (json[0] == '{' || !Folds(line)) {
      next = before;
      --line_number;
      --counters.lines;
      break;
    }
    ++counters.folded;
    ++record.lines;
    const char* start = folded.empty() ? line.data() : folded.data();
    folded = {start, static_cast<size_t>(line.data() + line.size() - start)};
    record.raw = {record.raw.data(), static_cast<size_t>(line.data() + line.size() - record.raw.data())};
  }
  if (folded.empty()) return;
  folded = folded.substr(0, ErrorText::kMaxBytes);
  if (!chunk_is_utf8) {
    const std::string_view text = Repaired(folded, &fold_scratch);
    repaired = repaired || text.data() != folded.data();
    folded = text;
  }
  layers.AddError(folded);
}

void RecordReader::State::CountMalformed() {
  ++counters.malformed;
  if (counters.first_malformed_line == 0) counters.first_malformed_line = line_number;
}

RecordReader::RecordReader(const FieldPlan& plan, const TextFormats& texts, Zone zone)
    : state_(std::make_unique<State>(plan, texts, zone)) {}
RecordReader::~RecordReader() = default;
RecordReader::RecordReader(RecordReader&&) noexcept = default;

void RecordReader::Open(const Chunk& chunk, uint32_t source) {
  State& s = *state_;
  s.chunk = chunk;
  s.source = source;
  s.next = 0;
  s.ahead = nullptr;
  s.line_number = chunk.first_line - 1;
  s.chunk_is_utf8 = IsUtf8(chunk.bytes);
  s.counters.bytes += chunk.bytes.size() + chunk.overlong_bytes;
  if (chunk.overlong_bytes == 0) return;
  ++s.line_number;
  ++s.counters.lines;
  ++s.counters.overlong;
  s.CountMalformed();
}

const Record* RecordReader::Next() {
  State& s = *state_;
  std::string_view line;
  while (s.TakeLine(&line)) {
    if (StripToJson(line).empty()) {
      ++s.counters.blank;
      continue;
    }
    const uint64_t number = s.line_number;
    if (!s.ReadLine(line)) {
      s.CountMalformed();
      continue;
    }
    Record& record = s.record;
    record.position = {s.source, number,
                       s.chunk.offset + static_cast<uint64_t>(line.data() - s.chunk.bytes.data())};
    record.raw = line;
    s.Fold();
    s.layers.Finish();
    ++s.counters.records;
    if (record.message_is_null) ++s.counters.null_messages;
    if (s.repaired) ++s.counters.invalid_utf8;
    return &record;
  }
  return nullptr;
}

void RecordReader::Observe(AttributePaths* paths) {
  state_->observer = paths;
  for (const auto& object : state_->objects) {
    if (object) object->Observe(paths);
  }
}

const ReadCounters& RecordReader::counters() const { return state_->counters; }

bool StartsRecord(std::string_view line, const TextFormats& texts) {
  const std::string_view json = StripToJson(line);
  if (json.empty()) return false;
  if (json[0] == '{') return true;
  thread_local std::string scratch;
  return texts.Matches(Repaired(StripMarks(line), &scratch));
}

}  // namespace gainsay
