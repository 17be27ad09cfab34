// The idea: a message is runs of letters, digits and what joins them (reindex-17, catalog.reindex,
// 04:12:09.113), with marks and blanks between. A run with a digit varies; one without varies if it is
// written as code writes names, unless it speaks of an outcome ("job.completed" is an event's name, and the
// point of the message). Quoted words and values behind '=' vary too, with the same exception.
#include "discovery/message_shape.h"

#include <algorithm>
#include <cstdio>

#include "discovery/outcome.h"

namespace gainsay {
namespace {

constexpr size_t kMaxBytes = 512;  // of a message, and
constexpr size_t kMaxPieces = 80;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsWordByte(char c) {
  return IsLetter(c) || IsDigit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool IsJoint(char c) { return std::string_view(".-:/@+,$").find(c) != std::string_view::npos; }

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !IsHex(text[i])) return false;
  }
  return true;
}

// "0.26s", "23:20:55,455", "2026-11-20T23:20:55Z", "10.0.0.1", "35ms": digits and what joins them, with a
// unit at most.
bool IsQuantity(std::string_view text) {
  if (!IsDigit(text.front())) return false;
  size_t letters = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsLetter(text[i])) continue;
    const bool clock = (text[i] == 'T' || text[i] == 'Z') && text.size() > 12;
    if (!clock && ++letters > 2) return false;
    if (!clock && i + 1 < text.size() && IsDigit(text[i + 1])) return false;
  }
  return true;
}

PieceKind KindOfRun(std::string_view run) {
  if (IsUuid(run)) return PieceKind::kUuid;
  size_t digits = 0, letters = 0;
  bool joined = false, hump = false;
  for (size_t i = 0; i < run.size(); ++i) {
    digits += IsDigit(run[i]) ? 1 : 0;
    letters += IsWordByte(run[i]) && !IsDigit(run[i]) && run[i] != '_' ? 1 : 0;
    joined = joined || run[i] == '.' || run[i] == '_' || run[i] == '/' || run[i] == ':' || run[i] == '@' ||
             run[i] == '$';
    hump = hump || (i > 0 && run[i] >= 'A' && run[i] <= 'Z' && run[i - 1] >= 'a' && run[i - 1] <= 'z');
  }
  if (digits == run.size()) return PieceKind::kInteger;
  if (digits == 0) {
    if ((!joined && !hump) || SpeaksOfOutcome(run)) return PieceKind::kWord;
    return PieceKind::kName;
  }
  const bool plain = digits + letters == run.size();
  const bool hex = plain && run.size() >= 8 && letters > 0 && std::all_of(run.begin(), run.end(), IsHex);
  if (!hex && IsQuantity(run)) return PieceKind::kNumber;
  if (plain && letters > 0 && (hex || (run.size() >= 12 && digits > 1))) return PieceKind::kToken;
  return letters > 0 ? PieceKind::kMixed : PieceKind::kNumber;
}

class Shaper {
 public:
  explicit Shaper(std::string_view message) : text_(message) {}

  MessageShape Run() {
    while (at_ < text_.size() && shape_.pieces.size() < kMaxPieces && !DetailsBegin()) Step();
    while (!shape_.pieces.empty() && shape_.pieces.back().kind == PieceKind::kBlank) shape_.pieces.pop_back();
    shape_.cut = at_ < text_.size();
    for (const Piece& piece : shape_.pieces) AddToKey(piece);
    if (shape_.cut) shape_.key += '\x02';
    return std::move(shape_);
  }

 private:
  char At(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }

  void Push(PieceKind kind, size_t bytes) {
    shape_.pieces.push_back({kind, text_.substr(at_, bytes)});
    at_ += bytes;
  }

  // What stands behind ": " or " {", once an outcome was told, unless it tells of one itself.
  bool DetailsBegin() const {
    if (!told_) return false;
    const bool colon = At(at_) == ':' && At(at_ + 1) == ' ';
    const bool opens = At(at_) == ' ' && (At(at_ + 1) == '{' || At(at_ + 1) == '[');
    if (!colon && !opens) return false;
    const size_t begin = at_ + 2;
    size_t end = begin;
    while (end < text_.size() && end - begin < 24 && IsWordByte(text_[end])) ++end;
    const std::string_view word =
        text_.substr(begin, end - begin);  // code's names are no words: "ValueError"
    return opens || WordsOf(word).size() != 1 || !SpeaksOfOutcome(word);
  }

  size_t RunLength() const {
    size_t end = at_;
    while (end < text_.size()) {
      if (text_.substr(end, 2) == "::" && end > at_ && IsLetter(At(end + 2))) {  // Shop::Sync
        end += 2;
      } else if (!IsWordByte(text_[end])) {
        if (!IsJoint(text_[end]) || end == at_ || end + 1 >= text_.size() || !IsWordByte(text_[end + 1]))
          break;
        const bool digit_joint = text_[end] == ':' || text_[end] == ',' || text_[end] == '+';
        if (digit_joint && !(IsDigit(text_[end + 1]) && IsDigit(text_[end - 1]))) break;
      }
      ++end;
    }
    return end - at_;
  }

  void Step() {
    const char c = text_[at_];
    if (c == ' ' || c == '\t') {
      size_t end = at_;
      while (At(end) == ' ' || At(end) == '\t') ++end;
      return Push(PieceKind::kBlank, end - at_);
    }
    if (!IsWordByte(c)) return Push(PieceKind::kMark, 1);
    const size_t bytes = RunLength();
    const std::string_view run = text_.substr(at_, bytes);
    PieceKind kind = KindOfRun(run);
    const bool speaks = kind == PieceKind::kWord && SpeaksOfOutcome(run);
    if (kind == PieceKind::kWord && !speaks && IsValue(bytes)) kind = PieceKind::kQuoted;
    const bool level = run == "ERROR";  // of the line, and no outcome
    told_ = told_ || (speaks && !level && IsEnding(OutcomeOf(WordsOf(run))));
    Push(kind, bytes);
  }

  bool IsValue(size_t bytes) const {
    const char before = at_ > 0 ? text_[at_ - 1] : '\0', after = At(at_ + bytes);
    const bool quoted = (before == '"' || before == '\'' || before == '`') && after == before;
    return quoted || before == '=';
  }

  void AddToKey(const Piece& piece) {
    if (piece.kind == PieceKind::kBlank) {
      shape_.key += ' ';
    } else if (IsLiteral(piece.kind)) {
      shape_.key += piece.text;
    } else {
      shape_.key += '\x01';
      shape_.key += piece.kind == PieceKind::kName ? 'n' : piece.kind == PieceKind::kQuoted ? 'q' : '#';
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  bool told_ = false;
  MessageShape shape_;
};

}  // namespace

bool IsLiteral(PieceKind kind) { return kind <= PieceKind::kBlank; }

bool MayBeId(PieceKind kind) {
  return kind == PieceKind::kInteger || kind == PieceKind::kUuid || kind == PieceKind::kToken ||
         kind == PieceKind::kMixed;
}

MessageShape ShapeOf(std::string_view message) {
  size_t end = std::min({message.find_first_of("\r\n"), message.size(), kMaxBytes});
  while (end > 0 && end < message.size() && (static_cast<unsigned char>(message[end]) & 0xc0) == 0x80) --end;
  MessageShape shape = Shaper(message.substr(0, end)).Run();
  if (end < message.size() && !shape.cut) {
    shape.cut = true;
    shape.key += '\x02';
  }
  return shape;
}

PieceKind KindOfValue(std::string_view value) {
  if (value.empty() || value.find_first_of(" \t\r\n") != std::string_view::npos) return PieceKind::kWord;
  const PieceKind kind = KindOfRun(value);
  return kind == PieceKind::kWord ? PieceKind::kName : kind;
}

std::string EscapeRegex(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '\'') {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\x%02x", byte);
      out += buffer;
      continue;
    }
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace gainsay
