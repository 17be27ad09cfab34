// A line is told by its first character: '{' must be a JSON object, everything else is text.
// Either gives a message, and the message is looked at again: it may be an object of an inner
// logger, or a line that a text format takes apart, and so on inwards; each layer is put over
// the ones around it (layers.h). Then the lines that only continue the record are folded into it:
// behind a line that a format took, all that no format takes; behind any other, those that
// look like continuations; attributes that a pretty printer put there are read. Whatever begins a record
// ends the fold, so a chunk may begin there.

#include "record/reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "record/decode.h"
#include "record/lines.h"
#include "record/pairs.h"
#include "record/reader_state.h"
#include "record/weave.h"

namespace gainsay {

void ReadCounters::Add(const ReadCounters& other) {
  lines += other.lines;
  records += other.records;
  packed += other.packed;
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

// Where the record begins that the line at `line_begin` may continue: the nearest line at or before it that
// surely begins one, but none before `from`.
size_t RecordReader::State::HeadOf(size_t line_begin, size_t from) const {
  const std::string_view bytes = chunk.bytes;
  size_t begin = line_begin;
  while (begin > from) {
    const size_t end = std::min(bytes.find('\n', begin), bytes.size());
    if (StartsRecord(bytes.substr(begin, end - begin), texts)) break;
    const size_t newline = LastNewline(bytes.substr(0, begin < 2 ? 0 : begin - 1));
    begin = newline == std::string_view::npos ? from : std::max(newline + 1, from);
  }
  return begin;
}

bool RecordReader::State::IsMarked(size_t line_begin) const {
  return std::binary_search(marks.begin(), marks.end(), line_begin) ||
         std::find(heads.rbegin(), heads.rend(), line_begin) != heads.rend();
}

// Marks what the record may hold that the line at `line_begin` belongs to. The line before `from` is marked,
// and so is all that belongs to the marked ones.
void RecordReader::State::MarkHeads(size_t line_begin, size_t from) {
  size_t line = line_begin;
  if (chunk.bytes[line] != '{') {
    line = HeadOf(line, from);
    if (line == line_begin) return;
    heads.push_back(line);
  }
  while (chunk.bytes[line] == '{') {
    const size_t before = BeforeInRecord(chunk.bytes, line, texts);
    if (before == std::string_view::npos || IsMarked(before)) return;
    heads.push_back(before);
    line = before;
  }
}

// Finds the lines that have to be read: those that the filter asks for, and those that they go on with.
void RecordReader::State::Mark() {
  marks.clear();
  heads.clear();
  next_mark = 0;
  const std::string_view bytes = chunk.bytes;
  size_t end = 0;
  for (size_t at = filter->NextLine(0); at < bytes.size(); at = filter->NextLine(end)) {
    MarkHeads(at, end);
    marks.push_back(at);
    end = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
    if (end == bytes.size()) break;
  }
  if (heads.empty()) return;
  marks.insert(marks.end(), heads.begin(), heads.end());
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
}

// Passes over lines that need not be read.
void RecordReader::State::Skip() {
  if (filter == nullptr) return;
  const size_t next = queue.next_offset();
  if (next >= chunk.bytes.size()) return;
  while (next_mark < marks.size() && marks[next_mark] < next) ++next_mark;
  const size_t begin = next_mark < marks.size() ? marks[next_mark] : chunk.bytes.size();
  if (begin == next) return;
  const std::string_view passed = chunk.bytes.substr(next, begin - next);
  const uint64_t lines = CountLines(passed) + (passed.back() == '\n' ? 0 : 1);
  queue.Skip(begin, lines);
  counters.lines += lines;
  counters.skipped += lines;
}

// The next line that belongs to no record yet.
bool RecordReader::State::TakeLine() {
  for (Skip(); queue.Take(&current); Skip()) {
    ++counters.lines;
    if (!current.claimed) return true;
    ++counters.folded;
  }
  return false;
}

JsonObject& RecordReader::State::Object(size_t depth) {
  if (!objects[depth]) {
    objects[depth] = std::make_unique<JsonObject>(plan);
    objects[depth]->Observe(observer);
  }
  return *objects[depth];
}

bool RecordReader::State::Match(std::string_view text, TextParts* parts) {
  if (const std::optional<bool> known = texts.Recall(text, text, &memo, parts)) return *known;
  return texts.Match(text, &memo, parts);
}

bool RecordReader::State::MatchLine(std::string_view text, TextParts* parts) {
  if (ahead != text.data()) return Match(text, parts);
  ahead = nullptr;
  *parts = ahead_parts;
  return ahead_matches;
}

// False: malformed.
bool RecordReader::State::ReadLine() {
  const std::string_view line = current.line;
  repaired = formatted = inner_formatted = false;
  colored = beside = 0;
  in_batch = false;
  object_lines = 0;
  layers.Begin(&record);
  record.position = {source, queue.number(),
                     chunk.offset + static_cast<uint64_t>(line.data() - chunk.bytes.data())};
  record.raw = line;
  trace.Begin(current.strand().kind == StrandKind::kPrefix ? current.strand().text : StripMarks(line));
  std::string_view json = StripToJson(line);
  if (json == "{" && StripMarks(line) == "{") {
    if (const std::string_view whole = WholeObject(); !whole.empty()) json = whole;
  }
  if ((json[0] == '{' || json[0] == '[') && RecordBatch::Looks(json) &&
      batch.Open(chunk_is_utf8 ? json : Repaired(json, &line_scratch))) {
    batch_position = record.position;
    in_batch = true;
    return NextPacked();
  }
  if (json[0] != '{') return ReadText(StripMarks(line));
  if (!ReadObject(json)) return false;
  ClaimObject();
  return true;
}

bool RecordReader::State::ReadObject(std::string_view json) {
  // An observer is shown what is read here, once, and not what is only looked at ahead.
  const bool read_ahead = next_json && next_json == json.data() && observer == nullptr;
  if (read_ahead) {
    Object(0);
    std::swap(objects[0], next_object);
    next_json = nullptr;
  } else if (!Object(0).Read(json)) {
    return false;
  }
  layers.AddJson(*objects[0]);
  repaired = objects[0]->repaired_utf8();
  if (current.strand().kind != StrandKind::kNone) trace.Begin(FirstLine(record.message));
  if (current.strand().partial) JoinParts();
  return Unwrap(true, false);
}

// The next record of a batch, in the place of the line that holds it.
bool RecordReader::State::NextPacked() {
  for (std::string_view flat = batch.Next(); !flat.empty(); flat = batch.Next()) {
    repaired = formatted = inner_formatted = false;
    colored = beside = 0;
    layers.Begin(&record);
    record.position = batch_position;
    record.raw = flat;
    if (ReadObject(flat)) return true;
  }
  return false;
}

bool RecordReader::State::ReadText(std::string_view line) {
  if (!chunk_is_utf8) {
    const std::string_view text = Repaired(line, &line_scratch);
    repaired = text.data() != line.data();
    line = text;
  }
  line = WithoutColors(line, ColorScratch());
  record.message = line;
  TextParts parts;
  formatted = MatchLine(line, &parts);
  if (!formatted) return true;
  layers.AddText(parts);
  AddAttributesBeside(line, parts);
  if (current.strand().partial) JoinParts();
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

// What a format takes apart it knows best, and what merely stands behind a message does not say where it was
// logged ("could not connect, host=db1").
void RecordReader::State::AddAttributesBeside(std::string_view line, const TextParts& parts) {
  if (beside == kMaxLayers || !layers.WantsBeside(parts)) return;
  std::string* json = &beside_scratch[beside];
  const Beside found = AttributesBeside(line, json);
  if (found == Beside::kNothing) return;
  const size_t size = json->size();
  json->append(kChunkPadding, '\0');
  JsonObject& object = Object(kMaxLayers + 1 + beside);
  if (!object.Read({json->data(), size})) return;
  ++beside;
  layers.AddBeside(object, parts, found == Beside::kWholeLine);
}

// A format takes a message apart by its first line; the rest is like folded lines.
bool RecordReader::State::UnwrapFormat() {
  const std::string_view message = WithoutColors(record.message, ColorScratch());
  const size_t newline = message.find('\n');
  const std::string_view head = TrimMessage(message.substr(0, newline));
  TextParts parts;
  if (!MatchLine(head, &parts)) return false;
  inner_formatted = true;
  const std::string_view inner = parts.fields[static_cast<size_t>(Field::kMessage)];
  if (inner.size() >= head.size()) return false;
  layers.AddText(parts);
  AddAttributesBeside(head, parts);
  if (newline != std::string_view::npos) layers.AddError(message.substr(newline + 1));
  return true;
}

void RecordReader::State::CountMalformed() {
  ++counters.malformed;
  if (counters.first_malformed_line == 0) counters.first_malformed_line = queue.number();
}

const Record* RecordReader::State::Finish() {
  layers.Finish();
  if (record.message_is_null) ++counters.null_messages;
  if (repaired) ++counters.invalid_utf8;
  return &record;
}

// .NET prints the message below the line that a format takes, java.util.logging also the level.
void RecordReader::State::TakeMessageBelow() {
  if (!record.message.empty() || record.error.empty() || !(formatted || inner_formatted)) return;
  record.message = FirstLine(record.error);
  const size_t colon = record.message.find(": ");
  if (record.severity != kNoSeverity || colon == std::string_view::npos) return;
  const std::optional<Severity> severity = ParseSeverity(record.message.substr(0, colon));
  if (!severity) return;
  record.severity = *severity;
  record.message.remove_prefix(colon + 2);
}

RecordReader::RecordReader(const FieldPlan& plan, const TextFormats& texts, Zone zone, What what)
    : state_(std::make_unique<State>(plan, texts, zone, what)) {}
RecordReader::~RecordReader() = default;
RecordReader::RecordReader(RecordReader&&) noexcept = default;

void RecordReader::Open(const Chunk& chunk, uint32_t source) {
  State& s = *state_;
  s.chunk = chunk;
  s.source = source;
  s.queue.Open(chunk.bytes, chunk.first_line);
  s.ahead = s.next_json = nullptr;
  s.chunk_is_utf8 = IsUtf8(chunk.bytes);
  s.counters.bytes += chunk.bytes.size() + chunk.overlong_bytes;
  if (s.filter != nullptr) {
    s.filter->Open(chunk.bytes);
    s.Mark();
  }
  if (chunk.overlong_bytes == 0) return;
  ++s.counters.lines;
  ++s.counters.overlong;
  ++s.counters.malformed;
  if (s.counters.first_malformed_line == 0) s.counters.first_malformed_line = chunk.first_line;
}

const Record* RecordReader::Next() {
  State& s = *state_;
  s.skipped = {};
  if (s.NextPacked()) {
    ++s.counters.packed;
    return s.Finish();
  }
  const size_t begin = s.queue.next_offset();
  const uint64_t skipped_before = s.counters.skipped;
  while (s.TakeLine()) {
    if (StripToJson(s.current.line).empty()) {
      ++s.counters.blank;
      continue;
    }
    if (!s.ReadLine()) {
      s.CountMalformed();
      continue;
    }
    ++s.counters.records;
    if (s.counters.skipped != skipped_before) {
      s.skipped = s.chunk.bytes.substr(begin, s.record.position.offset - s.chunk.offset - begin);
    }
    // What follows a batch belongs to no record of it; its `raw` is not in the chunk.
    if (!s.in_batch) {
      s.Fold();
      s.FoldStrand();
    }
    s.Finish();
    s.TakeMessageBelow();
    return &s.record;
  }
  if (s.counters.skipped != skipped_before) s.skipped = s.chunk.bytes.substr(begin);
  return nullptr;
}

void RecordReader::Filter(LineFilter* filter) { state_->filter = filter; }

std::string_view RecordReader::skipped() const { return state_->skipped; }

bool RecordReader::stands_alone() const {
  return !state_->in_batch && state_->record.lines == 1 && state_->current.line.starts_with('{');
}

void RecordReader::Observe(AttributePaths* paths) {
  state_->observer = paths;
  for (const auto& object : state_->objects) {
    if (object) object->Observe(paths);
  }
}

const ReadCounters& RecordReader::counters() const { return state_->counters; }

ReadCounters RecordReader::TakeCounters() { return std::exchange(state_->counters, {}); }

bool StartsRecord(std::string_view line, const TextFormats& texts) {
  const std::string_view json = StripToJson(line);
  if (json.empty()) return false;
  if (json[0] == '{') return IsObjectStart(line, json);
  thread_local std::string repaired, plain;
  return texts.Matches(WithoutColors(Repaired(StripMarks(line), &repaired), &plain));
}

}  // namespace gainsay
