// A line is told by its first character: '{' must be a JSON object, everything else is text.
// Either gives a message, and the message is looked at again: it may be an object of an inner
// logger, or a line that a text format takes apart, and so on inwards; each layer is put over
// the ones around it (layers.h). Then the lines that only continue the record are folded into it:
// behind a line that a format took, all that no format takes; behind any other, those that
// look like continuations. Whatever begins a record ends the fold, so a chunk may begin there.
//
// Where each line is wrapped by itself (strand.h), the record's other lines are looked for among
// those of its strand, claimed, and passed over later. A line ahead that had to be read for
// this and turned out to begin a record of its own is not read twice.

#include "record/reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "record/continuation.h"
#include "record/decode.h"
#include "record/json.h"
#include "record/layers.h"
#include "record/line_queue.h"
#include "record/lines.h"
#include "record/otlp.h"
#include "record/weave.h"

namespace gainsay {
namespace {

constexpr size_t kMaxLayers = 8;
constexpr size_t kMaxJoined = size_t{1} << 20;  // bytes of a line put together from parts
constexpr size_t kMaxObjectLines = 10'000;      // of an object printed over several lines

std::string_view TrimMessage(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::string_view FirstLine(std::string_view text) { return TrimMessage(text.substr(0, text.find('\n'))); }

// A lone "{" that is indented is part of what is printed around it.
bool IsObjectStart(std::string_view line, std::string_view json) {
  return json[0] == '{' && (json.size() > 1 || StripMarks(line) == "{");
}

void AppendCapped(std::string_view text, size_t cap, std::string* out) {
  if (out->size() < cap) out->append(text.substr(0, cap - out->size()));
}

}  // namespace

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

struct RecordReader::State {
  State(const FieldPlan& the_plan, const TextFormats& the_texts, Zone zone)
      : plan(the_plan),
        texts(the_texts),
        layers(the_plan, zone),
        text_slots{the_plan.Slot("MESSAGE"), the_plan.Slot("log")} {}

  bool TakeLine();
  bool ReadLine();
  bool ReadObject(std::string_view json);
  bool ReadText(std::string_view line);
  bool Unwrap(bool from_json, bool formatted);
  bool UnwrapFormat();
  bool MatchLine(std::string_view text, TextParts* parts);
  JsonObject& Object(size_t depth);
  std::string_view WholeObject();
  void ClaimObject();

  void Fold();
  bool Folds(std::string_view line);
  void JoinParts();
  void FoldStrand();
  bool GoesOn(const QueuedLine& line, std::string_view* text);
  bool MayGoOn(const Strand& next) const;
  std::optional<std::string_view> Printed(const QueuedLine& line);
  void Claim(QueuedLine* line);

  const Record* Finish();
  bool NextPacked();
  void CountMalformed();

  const FieldPlan& plan;
  const TextFormats& texts;
  Layers layers;
  std::array<std::unique_ptr<JsonObject>, kMaxLayers> objects;  // one a depth: views of all stay valid
  const std::array<size_t, 2> text_slots;                       // by strand kind: journal, docker

  AttributePaths* observer = nullptr;
  Chunk chunk;
  uint32_t source = 0;
  LineQueue queue;
  QueuedLine current;  // the record's first line
  bool chunk_is_utf8 = true;
  size_t object_lines = 0;  // of an object printed over several lines, the first one not counted
  OtlpBatch batch;
  Position batch_position;

  Record record;
  ReadCounters counters;
  bool repaired = false;         // this record had bytes that are no UTF-8
  bool formatted = false;        // a text format took this record's line
  bool inner_formatted = false;  // a text format took what a wrapper printed
  TraceState trace;
  std::string line_scratch, fold_scratch, joined, collected;

  // What the search for the record's end learned about a line that begins another one.
  const char* ahead = nullptr;
  bool ahead_matches = false;
  bool ahead_in_object = false;  // the text is in next_object's buffer
  TextParts ahead_parts;
  std::unique_ptr<JsonObject> next_object;
  const char* next_json = nullptr;  // what next_object was read from
};

// The next line that belongs to no record yet.
bool RecordReader::State::TakeLine() {
  while (queue.Take(&current)) {
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

bool RecordReader::State::MatchLine(std::string_view text, TextParts* parts) {
  if (ahead != text.data()) return texts.Match(text, parts);
  ahead = nullptr;
  *parts = ahead_parts;
  return ahead_matches;
}

// An object that begins with a line "{" goes on to a line "}", both at the margin. "" if none does.
std::string_view RecordReader::State::WholeObject() {
  for (size_t i = 0; i < kMaxObjectLines; ++i) {
    const QueuedLine* line = queue.Peek(i);
    if (!line || line->claimed) return {};
    const std::string_view text = StripMarks(line->line);
    if (text != "}" && text != "},") continue;
    const char* begin = StripToJson(current.line).data();
    object_lines = i + 1;
    return {begin, static_cast<size_t>(text.data() + 1 - begin)};
  }
  return {};
}

void RecordReader::State::ClaimObject() {
  for (size_t i = 0; i < object_lines; ++i) Claim(queue.Peek(i));
}

// False: malformed.
bool RecordReader::State::ReadLine() {
  const std::string_view line = current.line;
  repaired = formatted = inner_formatted = false;
  object_lines = 0;
  layers.Begin(&record);
  record.position = {source, queue.number(),
                     chunk.offset + static_cast<uint64_t>(line.data() - chunk.bytes.data())};
  record.raw = line;
  trace.Begin(current.strand.kind == StrandKind::kPrefix ? current.strand.text : StripMarks(line));
  std::string_view json = StripToJson(line);
  if (json[0] != '{') return ReadText(StripMarks(line));
  if (json == "{" && StripMarks(line) == "{") {
    if (const std::string_view whole = WholeObject(); !whole.empty()) json = whole;
  }
  if (OtlpBatch::Looks(json) && batch.Open(chunk_is_utf8 ? json : Repaired(json, &line_scratch))) {
    batch_position = record.position;
    return NextPacked();
  }
  if (!ReadObject(json)) return false;
  ClaimObject();
  return true;
}

bool RecordReader::State::ReadObject(std::string_view json) {
  const bool read_ahead = next_json && next_json == json.data();
  if (read_ahead) {
    Object(0);
    std::swap(objects[0], next_object);
    next_json = nullptr;
  } else if (!Object(0).Read(json)) {
    return false;
  }
  layers.AddJson(*objects[0]);
  repaired = objects[0]->repaired_utf8();
  if (current.strand.kind != StrandKind::kNone) trace.Begin(FirstLine(record.message));
  if (current.strand.partial) JoinParts();
  return Unwrap(true, false);
}

// The next record of a batch, in the place of the line that holds it.
bool RecordReader::State::NextPacked() {
  for (std::string_view flat = batch.Next(); !flat.empty(); flat = batch.Next()) {
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
  record.message = line;
  TextParts parts;
  formatted = MatchLine(line, &parts);
  if (!formatted) return true;
  layers.AddText(parts);
  if (current.strand.partial) JoinParts();
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
  const std::string_view head = FirstLine(message);
  TextParts parts;
  if (!MatchLine(head, &parts)) return false;
  inner_formatted = true;
  const std::string_view inner = parts.fields[static_cast<size_t>(Field::kMessage)];
  if (inner.size() >= head.size()) return false;
  layers.AddText(parts);
  if (newline != std::string_view::npos) layers.AddError(message.substr(newline + 1));
  return true;
}

bool RecordReader::State::Folds(std::string_view line) {
  std::string_view text = StripMarks(line);
  if (!chunk_is_utf8) text = Repaired(text, &fold_scratch);
  ahead_matches = texts.Match(text, &ahead_parts);
  ahead = text.data() == fold_scratch.data() ? nullptr : text.data();
  ahead_in_object = false;
  if (ahead_matches) return false;
  const bool continues = trace.Continues(text);
  if (!formatted && !continues) return false;
  ahead = nullptr;
  return true;
}

// The lines right behind the record that are wrapped in nothing.
void RecordReader::State::Fold() {
  const char *start = nullptr, *end = nullptr;
  for (const QueuedLine* next = queue.Peek(0); next && !next->claimed; next = queue.Peek(0)) {
    const std::string_view line = next->line;
    const std::string_view json = StripToJson(line);
    const bool blank = json.empty();
    if (!blank && (IsObjectStart(line, json) || !Folds(line))) break;
    QueuedLine taken;
    queue.Take(&taken);
    ++counters.lines;
    ++(blank ? counters.blank : counters.folded);
    if (blank) continue;
    ++record.lines;
    if (!start) start = line.data();
    end = line.data() + line.size();
    record.raw = {record.raw.data(), static_cast<size_t>(end - record.raw.data())};
  }
  if (!start) return;
  std::string_view folded(start, std::min(static_cast<size_t>(end - start), ErrorText::kMaxBytes));
  if (!chunk_is_utf8) {
    const std::string_view text = Repaired(folded, &fold_scratch);
    repaired = repaired || text.data() != folded.data();
    folded = text;
  }
  layers.AddError(folded);
}

void RecordReader::State::Claim(QueuedLine* line) {
  line->claimed = true;
  ++record.lines;
  const char* end = record.raw.data() + record.raw.size();
  const auto between = line->line.data() - end;
  if (between < 0 || between > 2) return;  // others' lines stand between
  record.raw = {record.raw.data(), record.raw.size() + static_cast<size_t>(between) + line->line.size()};
}

// What a line ahead printed, decoded; none if it is no whole object after all. Valid until the
// next call.
std::optional<std::string_view> RecordReader::State::Printed(const QueuedLine& line) {
  if (line.strand.kind == StrandKind::kPrefix) return StripMarks(line.strand.text);
  const std::string_view json = StripToJson(line.line);
  const size_t slot = text_slots[line.strand.kind == StrandKind::kJournal ? 0 : 1];
  if (slot == FieldPlan::kNone) return std::nullopt;
  if (next_json != json.data()) {
    if (ahead_in_object) ahead = nullptr;
    if (!next_object) next_object = std::make_unique<JsonObject>(plan);
    next_json = next_object->Read(json) ? json.data() : nullptr;
    if (!next_json) return std::nullopt;
  }
  const JsonValue& value = next_object->value(slot);
  if (value.kind != JsonKind::kString && value.kind != JsonKind::kTexts) return std::nullopt;
  return value.text;
}

// The rest of a line that its wrapper split into several.
void RecordReader::State::JoinParts() {
  joined.assign(record.message.substr(0, kMaxJoined));
  bool partial = true;
  for (size_t i = 0, gap = 0; partial && i < kStrandSpan && gap <= kStrandGap; ++i) {
    QueuedLine* line = queue.Peek(i);
    if (!line) break;
    ++gap;
    if (line->claimed || !line->strand.Same(current.strand)) continue;
    const std::optional<std::string_view> text = Printed(*line);
    if (!text) break;
    gap = 0;
    partial = line->strand.partial;
    AppendCapped(*text, kMaxJoined, &joined);
    Claim(line);
  }
  const size_t size = joined.size();
  joined.append(kChunkPadding, '\0');
  record.message = {joined.data(), size};
}

// A glance at a line of the record's strand: false if it can't go on with it.
bool RecordReader::State::MayGoOn(const Strand& next) const {
  if (trace.expects_more()) return true;
  std::string_view text = next.text;
  if (next.kind != StrandKind::kPrefix) {
    if (inner_formatted && next.kind == StrandKind::kJournal) return true;
    if (text.empty() || text[0] == '\\' || next.is_array) return true;
    text = text.substr(0, text.find("\\n"));
  }
  return StripToJson(text).empty() || LooksLikeContinuation(text) ||
         (record.severity != kNoSeverity && IsExceptionLine(text));
}

bool RecordReader::State::GoesOn(const QueuedLine& line, std::string_view* text) {
  if (!MayGoOn(line.strand)) return false;
  const std::optional<std::string_view> printed = Printed(line);
  if (!printed) return false;
  *text = TrimMessage(*printed);
  const std::string_view head = FirstLine(*text);
  if (StripToJson(*text).empty()) return true;
  if (line.strand.kind == StrandKind::kPrefix) {
    if (BeginsInStrand(line.line, line.strand, *text, texts)) return false;
  } else {
    if (StripToJson(*text)[0] == '{') return false;
    ahead = head.data();
    ahead_in_object = true;
    ahead_matches = texts.Match(head, &ahead_parts);
    if (ahead_matches) return false;
  }
  if (trace.Continues(head)) return true;
  return (inner_formatted && line.strand.kind == StrandKind::kJournal) ||
         (record.severity != kNoSeverity && IsExceptionLine(head));
}

// The record's other lines, each wrapped by itself, among those of other strands.
void RecordReader::State::FoldStrand() {
  if (current.strand.kind == StrandKind::kNone) return;
  collected.clear();
  for (size_t i = 0, gap = 0; gap <= kStrandGap; ++i) {
    QueuedLine* line = queue.Peek(i);
    if (!line || queue.number() + i + 1 - record.position.line > kStrandSpan) break;
    ++gap;
    if (line->claimed || !line->strand.Same(current.strand)) continue;
    std::string_view text;
    if (!GoesOn(*line, &text)) break;
    gap = 0;
    Claim(line);
    if (ahead_in_object) ahead = nullptr;
    AppendCapped(text, ErrorText::kMaxBytes, &collected);
    collected += '\n';
  }
  if (collected.empty()) return;
  layers.AddError(chunk_is_utf8 ? std::string_view(collected) : Repaired(collected, &line_scratch));
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

RecordReader::RecordReader(const FieldPlan& plan, const TextFormats& texts, Zone zone)
    : state_(std::make_unique<State>(plan, texts, zone)) {}
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
  if (chunk.overlong_bytes == 0) return;
  ++s.counters.lines;
  ++s.counters.overlong;
  ++s.counters.malformed;
  if (s.counters.first_malformed_line == 0) s.counters.first_malformed_line = chunk.first_line;
}

const Record* RecordReader::Next() {
  State& s = *state_;
  if (s.NextPacked()) {
    ++s.counters.packed;
    return s.Finish();
  }
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
    s.Fold();
    s.FoldStrand();
    return s.Finish();
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
  if (json[0] == '{') return IsObjectStart(line, json);
  thread_local std::string scratch;
  return texts.Matches(Repaired(StripMarks(line), &scratch));
}

}  // namespace gainsay
