// What a log holds, gathered record by record: message templates, the places where values stand that may be
// ids, and for each record which of them it has. Bounded: what exceeds a cap is counted.
//
//   LogSample sample(plan, paths);
//   sample.Add(record, scratch.events);          // for each record, in order
//
// Owns all its text. Thread rules: one object, one thread.
#ifndef GAINSAY_DISCOVERY_LOG_SAMPLE_H_
#define GAINSAY_DISCOVERY_LOG_SAMPLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "discovery/message_shape.h"
#include "discovery/outcome.h"
#include "event/event.h"
#include "record/attribute_paths.h"
#include "record/fields.h"
#include "record/record.h"

namespace gainsay {

// Where a value stands: in an attribute, or in a piece of a template.
struct Place {
  static constexpr uint32_t kAttribute = UINT32_MAX;
  uint32_t line_template = kAttribute;
  uint32_t index = 0;       // of the piece, or into LogSample::attributes()
  uint64_t count = 0;       // records that have a value there
  uint64_t kinds[10] = {};  // by PieceKind
  // What its name, or the word before it, says of it.
  bool names_task = false, names_id = false, names_other = false;
  std::string word;  // that stands before it in a message, or "^" and the marks that it begins with

  bool IsAttribute() const { return line_template == kAttribute; }
};

struct SampleLine {
  std::string raw, message;
  std::map<uint32_t, std::string> values;  // by place
};

struct OwnedPiece {
  PieceKind kind;
  std::string text;
};

struct LineTemplate {
  std::vector<OwnedPiece> pieces;
  std::vector<uint32_t> places;  // by piece; kNoPlace where its value can be no id
  bool cut = false;
  std::string state_path, state_value;  // an attribute that tells how things stand; "" = none
  TaskOutcome outcome = TaskOutcome::kNone;
  uint64_t count = 0, known_starts = 0, known_terminals = 0, known_errors = 0;
  uint64_t known_error_tasks = 0;                 // of the known errors: the record names their task
  uint64_t errors = 0, warnings = 0;              // by level
  std::map<uint32_t, uint64_t> attribute_places;  // how many of its records have a value there
  std::vector<SampleLine> lines;                  // a few, as they stand in the log
  std::map<std::string, uint64_t> known_rules;

  bool Known() const { return 2 * (known_starts + known_terminals) >= count; }
};

struct PlacedValue {
  uint32_t place = 0;
  uint64_t hash = 0;
};

struct Note {  // one record
  uint32_t line_template = 0;
  uint32_t first_value = 0, values = 0;
  uint64_t lane = 0;  // a hash of where it was logged; 0 = unknown
};

class LogSample {
 public:
  static constexpr uint32_t kNoPlace = UINT32_MAX;
  static constexpr size_t kMaxTemplates = 4096, kMaxNotes = size_t{1} << 20, kMaxValues = size_t{1} << 22;

  // `plan` must have slots for `paths`, and outlive the sample.
  LogSample(const FieldPlan& plan, const AttributePaths& paths);

  // `events`: what the known rules make of the record; `rules`: the full id of each one's rule.
  void Add(const Record& record, const std::vector<Event>& events, const std::vector<std::string>& rules);

  const std::vector<LineTemplate>& templates() const { return templates_; }
  const std::vector<Place>& places() const { return places_; }
  const std::vector<std::string>& attributes() const { return attributes_; }
  const std::vector<Note>& notes() const { return notes_; }
  const PlacedValue* values(const Note& note) const { return values_.data() + note.first_value; }
  uint64_t dropped() const { return dropped_; }  // records that exceeded a cap
  uint64_t records() const { return records_; }

 private:
  struct Attribute {
    size_t slot = FieldPlan::kNone;  // kNone: the record's task field
    uint32_t place = kNoPlace;
    bool state = false, truth = false, id = false;
  };

  void AddAttribute(const std::string& path, size_t slot);
  std::string_view Value(const Attribute& attribute, const Record& record) const;
  // The attribute that tells how things stand, and what it says.
  const Attribute* FindState(const Record& record, TaskOutcome* outcome) const;
  uint32_t TemplateOf(const MessageShape& shape, const Attribute* state, std::string_view state_value,
                      TaskOutcome outcome);
  static std::string Before(const LineTemplate& line_template, size_t i);
  void AddPlaces(LineTemplate* line_template, uint32_t index);
  void AddValues(const Record& record, const MessageShape& shape, LineTemplate* line_template, Note* note);
  void AddValue(uint32_t place, std::string_view text, PieceKind kind, Note* note, SampleLine* line);

  const FieldPlan& plan_;
  std::vector<std::string> attributes_;
  std::vector<Attribute> uses_;  // beside attributes_
  std::vector<LineTemplate> templates_;
  std::vector<Place> places_;
  std::vector<Note> notes_;
  std::vector<PlacedValue> values_;
  absl::flat_hash_map<std::string, uint32_t> by_key_;
  uint64_t dropped_ = 0, records_ = 0;
};

// FNV-1a: the same on every machine.
uint64_t HashText(std::string_view text, uint64_t seed = 0xcbf29ce484222325u);

}  // namespace gainsay

#endif  // GAINSAY_DISCOVERY_LOG_SAMPLE_H_
