#include "discovery/log_sample.h"

#include <algorithm>
#include <set>

#include "record/decode.h"

namespace gainsay {
namespace {

constexpr size_t kMaxLines = 3;                     // kept of each template,
constexpr size_t kMaxLineBytes = size_t{16} << 10;  // of so many bytes
constexpr size_t kMaxIdBytes = 128;
constexpr size_t kMaxStateBytes = 40;

std::string_view LastPart(std::string_view path) {
  const size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

bool AnyWord(const std::vector<std::string>& words, std::initializer_list<std::string_view> wanted) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(wanted.begin(), wanted.end(), word) != wanted.end();
  });
}

// Attributes that are something else already: no task's id stands there.
const std::set<std::string>& OtherFields() {
  static const auto* const kPaths = [] {
    auto* paths = new std::set<std::string>;
    for (Field field : {Field::kTime, Field::kLevel, Field::kMessage, Field::kError, Field::kHost,
                        Field::kPid, Field::kThread, Field::kLane, Field::kLogger, Field::kAttempt}) {
      for (const std::string& path : BuiltinFields().paths[static_cast<size_t>(field)]) paths->insert(path);
    }
    return paths;
  }();
  return *kPaths;
}

// journald's own fields: cursors, machine and boot ids, monotonic times.
bool IsTransport(std::string_view path) {
  return (path.starts_with("_") && path != "_SYSTEMD_UNIT") || path.starts_with("SYSLOG_") ||
         path.starts_with("CODE_") || path == "MESSAGE_ID" || path == "PRIORITY" || path == "TID";
}

void Hint(const std::vector<std::string>& words, Place* place) {
  if (words.empty()) return;
  place->names_task = std::any_of(words.begin(), words.end(), NamesTask);
  place->names_id = AnyWord(words, {"id", "uuid", "uid", "key"});
  place->names_other =
      AnyWord(words, {"trace",   "span", "correlation", "parent",   "root",     "user",     "session",
                      "tenant",  "doc",  "document",    "order",    "customer", "attempt",  "worker",
                      "version", "port", "count",       "duration", "elapsed",  "attempts", "stored"});
}

// The line that a record begins with, as an example of a rule shows it; "" if it is none to show.
std::string_view FirstLine(const Record& record) {
  const std::string_view line = record.raw.substr(0, record.raw.find_first_of("\r\n"));
  return line.size() <= kMaxLineBytes && IsUtf8(line) ? line : std::string_view();
}

// The first few, and later ones where they are clearly shorter. They are kept shortest first.
bool WantsLine(std::string_view raw, const LineTemplate& line_template) {
  const std::vector<SampleLine>& lines = line_template.lines;
  return lines.size() < kMaxLines || 4 * raw.size() < 3 * lines.back().raw.size();
}

}  // namespace

uint64_t HashText(std::string_view text, uint64_t seed) {
  for (const char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return seed ^ (seed >> 29);
}

LogSample::LogSample(const FieldPlan& plan, const AttributePaths& paths) : plan_(plan) {
  for (const auto& [path, count] : paths.counts) AddAttribute(path, plan_.Slot(path));
  if (paths.counts.find("task") == paths.counts.end()) AddAttribute("task", FieldPlan::kNone);
}

void LogSample::AddAttribute(const std::string& path, size_t slot) {
  const bool field = path == "task" && slot == FieldPlan::kNone;
  if (slot == FieldPlan::kNone && !field) return;
  const std::vector<std::string> words = WordsOf(LastPart(path));
  Attribute use;
  use.slot = slot;
  use.state = AnyWord(words, {"status", "state", "outcome", "event", "phase", "conclusion", "action"});
  use.truth = !words.empty() && (words.back() == "success" || words.back() == "succeeded");
  use.id = field || (OtherFields().count(path) == 0 && !IsTransport(path));
  if (use.id) {
    use.place = static_cast<uint32_t>(places_.size());
    Place place;
    place.index = static_cast<uint32_t>(attributes_.size());
    Hint(WordsOf(path), &place);
    places_.push_back(place);
  }
  attributes_.push_back(path);
  uses_.push_back(use);
}

std::string_view LogSample::Value(const Attribute& attribute, const Record& record) const {
  if (attribute.slot == FieldPlan::kNone) return record.field(Field::kTask);
  const std::string_view value = record.attributes[attribute.slot];
  return value.data() == nullptr ? std::string_view() : value;
}

const LogSample::Attribute* LogSample::FindState(const Record& record, TaskOutcome* outcome) const {
  for (const Attribute& use : uses_) {
    if (!use.state && !use.truth) continue;
    const std::string_view value = Value(use, record);
    if (value.empty() || value.size() > kMaxStateBytes || value == record.message) continue;
    if (use.truth) {
      if (value != "true" && value != "false") continue;
      *outcome = value == "true" ? TaskOutcome::kSucceeded : TaskOutcome::kFailed;
      return &use;
    }
    const std::vector<std::string> words = WordsOf(value);
    if (words.size() > 3) continue;
    *outcome = OutcomeOf(words);
    if (*outcome != TaskOutcome::kNone) return &use;
  }
  return nullptr;
}

uint32_t LogSample::TemplateOf(const MessageShape& shape, const Attribute* state,
                               std::string_view state_value, TaskOutcome outcome) {
  std::string key = shape.key;
  if (state != nullptr) {
    key += '\x03' + attributes_[static_cast<size_t>(state - uses_.data())] + '=';
    key += state_value;
  }
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) return found->second;
  if (templates_.size() >= kMaxTemplates) return UINT32_MAX;
  const auto index = static_cast<uint32_t>(templates_.size());
  by_key_.emplace(std::move(key), index);
  LineTemplate line_template;
  std::vector<std::string> words;
  for (const Piece& piece : shape.pieces) {
    line_template.pieces.push_back({piece.kind, std::string(piece.text)});
    if (piece.kind != PieceKind::kWord) continue;
    for (std::string& word : WordsOf(piece.text)) words.push_back(std::move(word));
  }
  line_template.cut = shape.cut;
  line_template.outcome = state != nullptr ? outcome : OutcomeOf(words);
  if (state != nullptr) {
    line_template.state_path = attributes_[static_cast<size_t>(state - uses_.data())];
    line_template.state_value = std::string(state_value);
  }
  AddPlaces(&line_template, index);
  templates_.push_back(std::move(line_template));
  return index;
}

// The marks that a message begins with before piece `i`: "^[" of "[17] done"; "" where more stands there.
std::string LogSample::Before(const LineTemplate& line_template, size_t i) {
  std::string marks = "^";
  for (size_t k = 0; k < i; ++k) {
    if (line_template.pieces[k].kind != PieceKind::kMark) return "";
    marks += line_template.pieces[k].text;
  }
  return marks;
}

// A place for each piece that may hold an id, with the words that stand right before it.
void LogSample::AddPlaces(LineTemplate* line_template, uint32_t index) {
  std::string_view before;
  for (uint32_t i = 0; i < line_template->pieces.size(); ++i) {
    const OwnedPiece& piece = line_template->pieces[i];
    if (!MayBeId(piece.kind)) {
      line_template->places.push_back(kNoPlace);
      if (piece.kind == PieceKind::kWord || piece.kind == PieceKind::kName) before = piece.text;
      if (piece.kind == PieceKind::kNumber) before = {};
      continue;
    }
    Place place;
    place.line_template = index;
    place.index = i;
    const std::vector<std::string> words = WordsOf(before);
    Hint(words, &place);
    place.word = words.empty() ? Before(*line_template, i) : words.back();
    if (piece.kind == PieceKind::kMixed) {  // "import-17", "job:17" say it themselves
      const std::vector<std::string> own = WordsOf(piece.text);
      place.names_task = place.names_task || std::any_of(own.begin(), own.end(), NamesTask);
    }
    line_template->places.push_back(static_cast<uint32_t>(places_.size()));
    places_.push_back(place);
    before = {};
  }
}

void LogSample::AddValue(uint32_t place, std::string_view text, PieceKind kind, Note* note,
                         SampleLine* line) {
  Place& p = places_[place];
  ++p.count;
  ++p.kinds[static_cast<size_t>(kind)];
  if (line != nullptr) line->values.emplace(place, text);
  values_.push_back({place, HashText(text)});
  ++note->values;
}

void LogSample::AddValues(const Record& record, const MessageShape& shape, LineTemplate* line_template,
                          Note* note) {
  SampleLine line;
  SampleLine* keep = nullptr;
  const std::string_view raw = FirstLine(record);
  if (!raw.empty() && WantsLine(raw, *line_template)) {
    line.raw = std::string(raw);
    line.message = std::string(record.message.substr(0, kMaxLineBytes));
    keep = &line;
  }
  for (const Attribute& use : uses_) {
    if (!use.id) continue;
    const std::string_view value = Value(use, record);
    if (value.empty() || value.size() > kMaxIdBytes) continue;
    const PieceKind kind = KindOfValue(value);
    const bool named = places_[use.place].names_task;
    if (!MayBeId(kind) && !(named && (kind == PieceKind::kName || kind == PieceKind::kNumber))) continue;
    AddValue(use.place, value, kind, note, keep);
    ++line_template->attribute_places[use.place];
  }
  for (size_t i = 0; i < shape.pieces.size() && i < line_template->places.size(); ++i) {
    const uint32_t place = line_template->places[i];
    if (place == kNoPlace || shape.pieces[i].text.size() > kMaxIdBytes) continue;
    AddValue(place, shape.pieces[i].text, shape.pieces[i].kind, note, keep);
  }
  if (keep == nullptr) return;
  if (line_template->lines.size() == kMaxLines) line_template->lines.pop_back();
  const auto longer = [&](const SampleLine& other) { return other.raw.size() > line.raw.size(); };
  auto& lines = line_template->lines;
  lines.insert(std::find_if(lines.begin(), lines.end(), longer), std::move(line));
}

void LogSample::Add(const Record& record, const std::vector<Event>& events,
                    const std::vector<std::string>& rules) {
  ++records_;
  const MessageShape shape = ShapeOf(record.message);
  TaskOutcome outcome = TaskOutcome::kNone;
  const Attribute* state = FindState(record, &outcome);
  const std::string_view state_value = state == nullptr ? std::string_view() : Value(*state, record);
  const uint32_t index = TemplateOf(shape, state, state_value, outcome);
  if (index == UINT32_MAX || notes_.size() >= kMaxNotes || values_.size() >= kMaxValues) {
    ++dropped_;
    return;
  }
  LineTemplate& t = templates_[index];
  ++t.count;
  if (record.severity >= kLevelError) {
    ++t.errors;
  } else if (record.severity >= kLevelWarn) {
    ++t.warnings;
  }
  for (size_t i = 0; i < events.size(); ++i) {
    if (events[i].kind == RuleKind::kStart) ++t.known_starts;
    if (events[i].kind == RuleKind::kTerminal) ++t.known_terminals;
    if (events[i].kind == RuleKind::kError) {
      ++t.known_errors;
      t.known_error_tasks += events[i].task.empty() ? 0 : 1;
    }
    if (events[i].kind != RuleKind::kMention) ++t.known_rules[rules[i]];
  }
  Note note;
  note.line_template = index;
  note.first_value = static_cast<uint32_t>(values_.size());
  bool lane = false;
  for (Field field : {Field::kPid, Field::kThread, Field::kLane}) {
    lane = lane || !record.field(field).empty();
    note.lane = HashText(record.field(field), note.lane + 1);
  }
  note.lane = lane ? HashText(record.field(Field::kHost), note.lane + 1) : 0;
  AddValues(record, shape, &t, &note);
  notes_.push_back(note);
}

}  // namespace gainsay
