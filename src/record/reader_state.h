// What a RecordReader keeps while it reads a chunk. For reader.cc, which reads lines, and reader_fold.cc,
// which finds the further lines of a record.
#ifndef GAINSAY_RECORD_READER_STATE_H_
#define GAINSAY_RECORD_READER_STATE_H_

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/batch.h"
#include "record/continuation.h"
#include "record/json.h"
#include "record/layers.h"
#include "record/line_queue.h"
#include "record/lines.h"
#include "record/reader.h"
#include "record/text_memo.h"

namespace gainsay {

inline std::string_view TrimMessage(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

inline std::string_view FirstLine(std::string_view text) {
  return TrimMessage(text.substr(0, text.find('\n')));
}

// A lone "{" that is indented is part of what is printed around it.
inline bool IsObjectStart(std::string_view line, std::string_view json) {
  return json[0] == '{' && (json.size() > 1 || StripMarks(line) == "{");
}

struct RecordReader::State {
  static constexpr size_t kMaxLayers = 8;

  State(const FieldPlan& the_plan, const TextFormats& the_texts, Zone zone, What what)
      : plan(the_plan),
        texts(the_texts),
        layers(the_plan, zone, what == What::kTime),
        text_slots{the_plan.Slot("MESSAGE"), the_plan.Slot("log")} {}

  void Mark();
  void MarkHeads(size_t line_begin, size_t from);
  bool IsMarked(size_t line_begin) const;
  size_t HeadOf(size_t line_begin, size_t from) const;
  void Skip();
  bool TakeLine();
  bool ReadLine();
  bool ReadObject(std::string_view json);
  bool ReadText(std::string_view line);
  bool Unwrap(bool from_json, bool formatted);
  bool UnwrapFormat();
  bool Match(std::string_view text, TextParts* parts);
  bool MatchLine(std::string_view text, TextParts* parts);
  JsonObject& Object(size_t depth);
  std::string* ColorScratch() { return &color_scratch[std::min(colored++, kMaxLayers)]; }
  std::string_view WholeObject();
  void ClaimObject();

  void Fold();
  void AddAttributesBelow(std::string_view folded);
  void AddAttributesBeside(std::string_view line, const TextParts& parts);
  bool Folds(std::string_view line);
  void JoinParts();
  void FoldStrand();
  bool GoesOn(const QueuedLine& line, std::string_view* text);
  bool MayGoOn(const Strand& next) const;
  std::optional<std::string_view> Printed(const QueuedLine& line);
  void Claim(QueuedLine* line);

  const Record* Finish();
  bool NextPacked();
  void TakeMessageBelow();
  void CountMalformed();

  const FieldPlan& plan;
  const TextFormats& texts;
  TextMemo memo;
  Layers layers;
  // One a depth, one for what stands below a line, and one for each layer's attributes: views of all stay
  // valid.
  std::array<std::unique_ptr<JsonObject>, 2 * kMaxLayers + 1> objects;
  const std::array<size_t, 2> text_slots;  // by strand kind: journal, docker

  AttributePaths* observer = nullptr;
  LineFilter* filter = nullptr;
  std::vector<size_t>
      marks;  // with a filter: where the lines of the chunk begin that are to be read, in order
  std::vector<size_t> heads;  // further ones, found for these
  size_t next_mark = 0;
  std::string_view skipped;
  Chunk chunk;
  uint32_t source = 0;
  LineQueue queue;
  QueuedLine current;  // the record's first line
  bool chunk_is_utf8 = true;
  size_t object_lines = 0;  // of an object printed over several lines, the first one not counted
  RecordBatch batch;
  Position batch_position;
  bool in_batch = false;  // the line is a batch

  Record record;
  ReadCounters counters;
  bool repaired = false;         // this record had bytes that are no UTF-8
  bool formatted = false;        // a text format took this record's line
  bool inner_formatted = false;  // a text format took what a wrapper printed
  TraceState trace;
  std::string line_scratch, fold_scratch, ahead_scratch, below_scratch, joined, collected;
  std::array<std::string, kMaxLayers + 1> color_scratch;  // one a layer
  size_t colored = 0;                                     // how many of them this record uses
  std::array<std::string, kMaxLayers> beside_scratch;     // likewise
  size_t beside = 0;

  // What the search for the record's end learned about a line that begins another one.
  const char* ahead = nullptr;
  bool ahead_matches = false;
  bool ahead_in_object = false;  // the text is in next_object's buffer
  TextParts ahead_parts;
  std::unique_ptr<JsonObject> next_object;
  const char* next_json = nullptr;  // what next_object was read from
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_READER_STATE_H_
