// Lines wrapped in nothing that follow the record are folded into it one by one. Where each line is
// wrapped by itself (strand.h), the record's other lines are looked for among those of its strand,
// claimed, and passed over later. A line ahead that had to be read for this and turned out to
// begin a record of its own is not read twice.

#include <algorithm>
#include <string>

#include "record/decode.h"
#include "record/reader_state.h"
#include "record/weave.h"

namespace gainsay {
namespace {

constexpr size_t kMaxJoined = size_t{1} << 20;  // bytes of a line put together from parts
constexpr size_t kMaxObjectLines = 10'000;      // of an object printed over several lines

void AppendCapped(std::string_view text, size_t cap, std::string* out) {
  if (out->size() < cap) out->append(text.substr(0, cap - out->size()));
}

}  // namespace

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

bool RecordReader::State::Folds(std::string_view line) {
  std::string_view text = StripMarks(line);
  if (!chunk_is_utf8) text = Repaired(text, &fold_scratch);
  text = WithoutColors(text, &ahead_scratch);
  ahead_matches = Match(text, &ahead_parts);
  const bool in_chunk = text.data() != fold_scratch.data() && text.data() != ahead_scratch.data();
  ahead = in_chunk ? text.data() : nullptr;
  ahead_in_object = false;
  if (ahead_matches) return false;
  const bool continues = trace.Continues(text);
  if (!formatted && !continues) return false;
  ahead = nullptr;
  return true;
}

// The lines right behind the record that are wrapped in nothing.
void RecordReader::State::Fold() {
  // An object begins there, whatever comes behind.
  if (queue.NextBeginsWith("{\"")) return;
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
  if (formatted) AddAttributesBelow(folded);
}

void RecordReader::State::AddAttributesBelow(std::string_view folded) {
  if (!AttributesBelow(WithoutColors(folded, ColorScratch()), &below_scratch)) return;
  const size_t size = below_scratch.size();
  below_scratch.append(kChunkPadding, '\0');
  JsonObject& object = Object(kMaxLayers);
  if (!object.Read({below_scratch.data(), size}) || layers.HasMessage(object)) return;
  const std::string_view message = record.message;
  layers.AddJson(object);
  record.message = message;
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
  if (line.strand().kind == StrandKind::kPrefix) {
    return WithoutColors(StripMarks(line.strand().text), &ahead_scratch);
  }
  const std::string_view json = StripToJson(line.line);
  const size_t slot = text_slots[line.strand().kind == StrandKind::kJournal ? 0 : 1];
  if (slot == FieldPlan::kNone) return std::nullopt;
  if (next_json != json.data()) {
    if (ahead_in_object) ahead = nullptr;
    if (!next_object) next_object = std::make_unique<JsonObject>(plan);
    next_json = next_object->Read(json) ? json.data() : nullptr;
    if (!next_json) return std::nullopt;
  }
  const JsonValue& value = next_object->value(slot);
  if (value.kind != JsonKind::kString && value.kind != JsonKind::kTexts) return std::nullopt;
  return WithoutColors(value.text, &ahead_scratch);
}

// The rest of a line that its wrapper split into several.
void RecordReader::State::JoinParts() {
  joined.assign(record.message.substr(0, kMaxJoined));
  bool partial = true;
  for (size_t i = 0, gap = 0; partial && i < kStrandSpan && gap <= kStrandGap; ++i) {
    QueuedLine* line = queue.Peek(i);
    if (!line) break;
    ++gap;
    if (line->claimed || !line->strand().Same(current.strand())) continue;
    const std::optional<std::string_view> text = Printed(*line);
    if (!text) break;
    gap = 0;
    partial = line->strand().partial;
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
  if (text.starts_with('\x1b')) return true;
  if (next.kind != StrandKind::kPrefix) {
    if (inner_formatted && next.kind == StrandKind::kJournal) return true;
    if (text.empty() || text[0] == '\\' || next.is_array) return true;
    if (text[0] == '{') return false;
    text = text.substr(0, text.find('\\'));
  }
  return StripToJson(text).empty() || LooksLikeContinuation(text) ||
         (record.severity != kNoSeverity && IsExceptionLine(text));
}

bool RecordReader::State::GoesOn(const QueuedLine& line, std::string_view* text) {
  if (!MayGoOn(line.strand())) return false;
  const std::optional<std::string_view> printed = Printed(line);
  if (!printed) return false;
  *text = TrimMessage(*printed);
  const std::string_view head = FirstLine(*text);
  if (StripToJson(*text).empty()) return true;
  if (line.strand().kind == StrandKind::kPrefix) {
    if (BeginsInStrand(line.line, line.strand(), *text, texts)) return false;
  } else {
    if (StripToJson(*text)[0] == '{') return false;
    ahead = head.data() == ahead_scratch.data() ? nullptr : head.data();
    ahead_in_object = true;
    ahead_matches = Match(head, &ahead_parts);
    if (ahead_matches) return false;
  }
  if (trace.Continues(head)) return true;
  return (inner_formatted && line.strand().kind == StrandKind::kJournal) ||
         (record.severity != kNoSeverity && IsExceptionLine(head));
}

// The record's other lines, each wrapped by itself, among those of other strands.
void RecordReader::State::FoldStrand() {
  if (current.strand().kind == StrandKind::kNone) return;
  collected.clear();
  for (size_t i = 0, gap = 0; gap <= kStrandGap; ++i) {
    QueuedLine* line = queue.Peek(i);
    if (!line || queue.number() + i + 1 - record.position.line > kStrandSpan) break;
    ++gap;
    if (line->claimed || !line->strand().Same(current.strand())) continue;
    std::string_view text;
    if (!GoesOn(*line, &text)) break;
    gap = 0;
    Claim(line);
    if (ahead_in_object) ahead = nullptr;
    AppendCapped(text, ErrorText::kMaxBytes, &collected);
    collected += '\n';
  }
  if (collected.empty()) return;
  const std::string_view text =
      chunk_is_utf8 ? std::string_view(collected) : Repaired(collected, &line_scratch);
  layers.AddError(text);
  if (formatted || inner_formatted) AddAttributesBelow(text);
}

}  // namespace gainsay
