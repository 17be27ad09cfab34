// The idea: a head ends with a separator (": ", " - ", …) and says nothing of an outcome: names, values and
// marks, the task's id among them, perhaps a level. Templates that share one are lines of a logger that
// puts the id before each message.
#include "discovery/task_head.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "discovery/message_shape.h"
#include "discovery/outcome.h"
#include "record/severity.h"

namespace gainsay {
namespace {

constexpr size_t kMaxPieces = 30;  // of a head
constexpr size_t kMostTexts = 6;

struct Head {
  uint64_t templates = 0, records = 0, errors = 0;
  bool uuids = true;
  std::vector<ProposedExample> examples;
};

bool IsLevel(const OwnedPiece& piece) {
  const bool upper =
      std::all_of(piece.text.begin(), piece.text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  const bool outcome = piece.text != "ERROR" && SpeaksOfOutcome(piece.text);
  return piece.kind == PieceKind::kWord && piece.text.size() >= 4 && upper && !outcome &&
         ParseSeverity(piece.text);
}

bool IsMark(const OwnedPiece& piece, std::string_view text) {
  return piece.kind == PieceKind::kMark && piece.text == text;
}

// How many pieces make the head, separator included; 0 if the message has none.
size_t HeadLength(const LineTemplate& t, size_t id) {
  for (size_t i = 0; i + 1 < std::min(t.pieces.size(), kMaxPieces); ++i) {
    const OwnedPiece& piece = t.pieces[i];
    const bool word = piece.kind == PieceKind::kWord && !IsLevel(piece);
    const bool key = word && IsMark(t.pieces[i + 1], "=");
    if (word && !key && (i > id || SpeaksOfOutcome(piece.text))) return 0;
    const bool blank = t.pieces[i + 1].kind == PieceKind::kBlank;
    if (i <= id || !blank || i + 2 >= t.pieces.size()) continue;
    if (IsMark(piece, ":") || IsMark(piece, "|")) return i + 2;
    if (IsMark(piece, "-") && t.pieces[i - 1].kind == PieceKind::kBlank) return i + 2;
    const bool closes =
        (IsMark(piece, "]") && IsMark(t.pieces[0], "[")) || (IsMark(piece, ")") && IsMark(t.pieces[0], "("));
    if (closes && t.pieces[i + 2].kind != PieceKind::kMark) return i + 2;
  }
  return 0;
}

// The field that a value is of, by the key before its '='; "" = none that is known.
std::string FieldOf(const LineTemplate& t, size_t i) {
  if (t.pieces[i].kind == PieceKind::kName && (i == 0 || !IsMark(t.pieces[i - 1], "="))) return "name";
  if (i < 2 || !IsMark(t.pieces[i - 1], "=")) return "";
  const std::string& key = t.pieces[i - 2].text;
  if (key == "pid" && t.pieces[i].kind == PieceKind::kInteger) return "pid";
  if (key == "tid" || key == "thread") return "thread";
  return key == "class" || key == "name" ? "name" : "";
}

std::string HeadPattern(const LineTemplate& t, size_t length, size_t id) {
  std::string pattern = "^";
  const auto group = [&](const std::string& name, const char* regex) {
    const bool taken = name.empty() || pattern.find("(?P<" + name + ">") != std::string::npos;
    pattern += taken ? std::string(regex) : "(?P<" + name + ">" + regex + ")";
  };
  for (size_t i = 0; i < length; ++i) {
    const OwnedPiece& piece = t.pieces[i];
    if (i == id) {
      pattern += '\n';  // to be filled in once it is known what all ids look like
    } else if (IsLevel(piece)) {
      group("level", "[A-Z]+");
    } else if (piece.kind == PieceKind::kBlank) {
      pattern += piece.text.size() > 1 ? " +" : " ";
    } else if (IsLiteral(piece.kind)) {
      pattern += EscapeRegex(piece.text);
    } else {
      const std::string field = FieldOf(t, i);
      group(field, field == "pid" ? "\\d+" : "%{name}");
    }
  }
  return pattern;
}

}  // namespace

bool ProposeTaskHead(const LogSample& sample, const TaskIds& ids, Proposal* proposal) {
  std::map<std::string, Head> heads;  // by pattern
  for (const LineTemplate& t : sample.templates()) {
    const uint32_t place = IdPlaceOf(sample, ids, t);
    if (place == LogSample::kNoPlace || sample.places()[place].IsAttribute()) continue;
    const Place& p = sample.places()[place];
    const size_t length = HeadLength(t, p.index);
    if (length == 0 || t.lines.empty() || t.lines[0].values.count(place) == 0) continue;
    Head& head = heads[HeadPattern(t, length, p.index)];
    ++head.templates;
    head.errors += t.known_errors;
    head.records += t.count;
    head.uuids = head.uuids && p.kinds[static_cast<size_t>(PieceKind::kUuid)] == p.count;
    if (head.examples.size() >= 2) continue;
    const std::string& message = t.lines[0].message;
    head.examples.push_back(
        {message.substr(0, message.find_first_of("\r\n")), true, {{"task", t.lines[0].values.at(place)}}});
  }
  const std::pair<const std::string, Head>* best = nullptr;
  for (const auto& entry : heads) {
    // One template is worth it where errors would have no task without.
    if (entry.second.templates < 3 && entry.second.errors == 0) continue;
    if (best == nullptr || entry.second.records > best->second.records) best = &entry;
  }
  if (best == nullptr || proposal->texts.size() >= kMostTexts) return false;
  ProposedText text;
  text.id = "task-line-" + std::to_string(proposal->texts.size() + 1);
  text.pattern = best->first + "(?P<message>.+)$";
  text.pattern.replace(text.pattern.find('\n'), 1,
                       best->second.uuids ? "(?P<task>%{uuid})" : "(?P<task>%{id})");
  const std::string records = std::to_string(best->second.records);
  text.comment = "Seen " + records + " times: the id of its task stands before the message.";
  text.examples = best->second.examples;
  proposal->findings.push_back("the task's id stands before the message, " + records + " times");
  proposal->texts.push_back(std::move(text));
  return true;
}

}  // namespace gainsay
