// A message taken apart into what stays from case to case and what varies: its template.
//
//   MessageShape shape = ShapeOf("Task a.reindex[7c3d…] succeeded in 0.2s: {'doc': 1}");
//   shape.key       // the same for all messages of this template
//   shape.pieces    // Task, ' ', <name>, '[', <id>, ']', ' ', succeeded, ' ', in, ' ', <value>
//
// Only the first line, and of it no more than what says how things stand: behind words of an outcome, a
// ": " begins details that vary. Views into the message. Thread rules: free functions without state.
#ifndef GAINSAY_DISCOVERY_MESSAGE_SHAPE_H_
#define GAINSAY_DISCOVERY_MESSAGE_SHAPE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gainsay {

enum class PieceKind : uint8_t {
  kWord,  // literal
  kMark,  // literal punctuation
  kBlank,
  // What varies:
  kInteger,
  kNumber,  // a time, a duration, a decimal: never an id
  kUuid,
  kToken,  // 12 or more letters and digits: hex, ULID, …
  kMixed,  // letters and digits: reindex-17
  kName,   // code's: catalog.reindex, ReindexJob
  kQuoted  // a quoted word, or a value behind '='
};

struct Piece {
  PieceKind kind = PieceKind::kWord;
  std::string_view text;
};

bool IsLiteral(PieceKind kind);
bool MayBeId(PieceKind kind);  // integers included

struct MessageShape {
  std::string key;
  std::vector<Piece> pieces;
  bool cut = false;  // more of the message follows
};

MessageShape ShapeOf(std::string_view message);

// What a whole value, as of an attribute, looks like; kWord where it is none of what varies.
PieceKind KindOfValue(std::string_view value);

// RE2 that matches the text and nothing else; `'` does not occur in it, so that it can stand in a
// literal string of TOML.
std::string EscapeRegex(std::string_view text);

}  // namespace gainsay

#endif  // GAINSAY_DISCOVERY_MESSAGE_SHAPE_H_
