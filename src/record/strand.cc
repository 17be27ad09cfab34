// Wrappers are told by their fixed looks, with a search or two over the line. JSON first shows
// by its first key whether it can be journald's (upper case) or Docker's ("log"); text shows by
// its first character whether it begins with a stamp, a bracket or a name. Behind a prefix
// another one may stand (a pod's name, then a time stamp), and the first name found is whose it is.

#include "record/strand.h"

#include <algorithm>

#include "record/find_text.h"
#include "record/json_block.h"
#include "record/lines.h"

namespace gainsay {
namespace {

constexpr size_t kMaxName = 200;  // bytes of a container's, pod's or program's name
constexpr int kMaxPrefixes = 4;
constexpr size_t kShortestSplit = 1024;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string_view RawString(std::string_view from) {
  const size_t end = EndOfString(from, 0);
  return end < from.size() ? from.substr(0, end) : std::string_view();
}

bool MayBeJournal(std::string_view json) {
  return json.size() > 2 && json[0] == '{' && json[1] == '"' &&
         (json[2] == '_' || (json[2] >= 'A' && json[2] <= 'Z'));
}

namespace {

// The string behind `key` ("\"_PID\":\"", quotes included), or nothing.
std::string_view ValueOf(std::string_view line, std::string_view key) {
  const size_t at = FindText(line, key);
  return at == std::string_view::npos ? std::string_view() : RawString(line.substr(at + key.size()));
}

Strand JournalStrand(std::string_view json) {
  Strand strand;
  strand.who = ValueOf(json, "\"_STREAM_ID\":\"");
  if (strand.who.empty()) return {};
  const size_t at = FindText(json, "\"MESSAGE\":");
  if (at == std::string_view::npos) return {};
  const std::string_view value = json.substr(at + 10);
  if (value.starts_with('"')) {
    strand.text = RawString(value.substr(1));
  } else if (value.starts_with('[')) {
    strand.text = value.substr(0, value.find(']') + 1);
    strand.is_array = true;
  } else {
    return {};
  }
  strand.kind = StrandKind::kJournal;
  strand.pid = ValueOf(json, "\"_PID\":\"");
  // Only a long line can have met journald's LineMax.
  strand.partial = strand.text.size() >= kShortestSplit && ValueOf(json, "\"_LINE_BREAK\":\"") == "line-max";
  return strand;
}

// Docker's own order: log, stream, attrs (or none), time.
Strand DockerStrand(std::string_view json) {
  Strand strand;
  constexpr std::string_view kStream = "\",\"stream\":\"";
  strand.text = RawString(json.substr(8));
  const size_t end = 8 + strand.text.size();
  if (!json.substr(end).starts_with(kStream)) return {};
  strand.who = RawString(json.substr(end + kStream.size()));
  strand.kind = StrandKind::kDocker;
  strand.partial = !strand.text.ends_with("\\n") && !strand.who.empty();
  return strand;
}

bool IsStampDigit(std::string_view text, size_t at) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  const char form = kForm[at], c = text[at];
  if (form == '0') return IsDigit(c);
  if (form == 'T') return c == 'T' || c == ' ';
  return form == '-' ? c == '-' || c == '/' : c == form;
}

// The length of "2026-08-01T10:00:00.123456Z" at the text's head, with its zone; 0 if none.
size_t StampLength(std::string_view text) {
  constexpr size_t kSeconds = 19;
  if (text.size() < kSeconds) return 0;
  for (size_t i = 0; i < kSeconds; ++i) {
    if (!IsStampDigit(text, i)) return 0;
  }
  size_t end = kSeconds;
  while (end < text.size() && (IsDigit(text[end]) || text[end] == '.' || text[end] == ',')) ++end;
  if (end < text.size() && text[end] == 'Z') return end + 1;
  if (end + 5 < text.size() && (text[end] == '+' || text[end] == '-') && IsDigit(text[end + 1])) {
    end = std::min(text.find_first_of(" ]\t", end), text.size());
  } else if (text[10] == ' ' && text.substr(end).starts_with(" UTC")) {
    end += 4;
  }
  return end;
}

// "Aug  1 10:00:05[.123]"; 0 if none.
size_t SyslogStampLength(std::string_view text) {
  if (text.size() < 15 || text[3] != ' ' || text[6] != ' ' || text[9] != ':' || text[12] != ':') return 0;
  if (!IsDigit(text[5]) || !IsDigit(text[13]) || !IsDigit(text[14])) return 0;
  size_t end = 15;
  while (end < text.size() && (IsDigit(text[end]) || text[end] == '.')) ++end;
  return end;
}

// "web1 load[4711]: " behind a stamp, or Heroku's "app[worker.1]: "; 0 if none.
size_t ProgramLength(std::string_view text) {
  const size_t colon = text.substr(0, kMaxName).find("]: ");
  if (colon == std::string_view::npos) return 0;
  if (text.starts_with("app[") && text.substr(0, colon).find(' ') == std::string_view::npos) return colon + 3;
  const size_t host = text.find(' ');
  const size_t open = text.find('[');
  if (host == 0 || host >= open || open + 1 >= colon) return 0;
  if (text.substr(host + 1, colon - host - 1).find(' ') != std::string_view::npos) return 0;
  for (size_t i = open + 1; i < colon; ++i) {
    if (!IsDigit(text[i])) return 0;
  }
  return colon + 3;
}

// "web-1  | "; 0 if none.
size_t ComposeLength(std::string_view text) {
  const size_t name = text.substr(0, kMaxName).find(' ');
  if (name == std::string_view::npos || name == 0) return 0;
  for (size_t i = 0; i < name; ++i) {
    const char c = text[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c);
    if (!letter && (i == 0 || (c != '-' && c != '_' && c != '.'))) return 0;
  }
  const size_t bar = text.find_first_not_of(' ', name);
  return text.substr(std::min(bar, text.size())).starts_with("| ") ? bar + 2 : 0;
}

// Takes one prefix off `strand.text`. False: there is none.
bool TakePrefix(Strand* strand) {
  std::string_view& text = strand->text;
  const auto take = [&](size_t bytes, std::string_view who) {
    strand->behind_names = text;
    if (strand->who.empty()) strand->who = who;
    strand->kind = StrandKind::kPrefix;
    text.remove_prefix(bytes);
    return true;
  };
  if (text.starts_with("[pod/")) {
    const size_t end = text.substr(0, kMaxName).find("] ");
    return end != std::string_view::npos && take(end + 2, text.substr(0, end));
  }
  const bool in_brackets = text.starts_with('[');
  size_t end = StampLength(text.substr(in_brackets ? 1 : 0));
  if (end > 0 && in_brackets) {
    if (!text.substr(end + 1).starts_with("] ")) return false;
    return take(end + 3, {});
  }
  if (end == 0) end = SyslogStampLength(text);
  if (end == 0) {
    end = strand->kind == StrandKind::kNone && !in_brackets ? ComposeLength(text) : 0;
    return end > 0 && take(end, text.substr(0, end));
  }
  if (end >= text.size() || text[end] != ' ') return false;
  take(end + 1, {});
  if (const size_t program = ProgramLength(text)) return take(program, text.substr(0, program));
  for (const std::string_view stream : {"stdout ", "stderr "}) {
    if (!text.starts_with(stream) || text.size() < stream.size() + 2) continue;
    const char tag = text[stream.size()];
    const size_t tags_end = text.find(' ', stream.size());
    if ((tag != 'P' && tag != 'F') || tags_end == std::string_view::npos) continue;
    strand->partial = tag == 'P';
    return take(tags_end + 1, text.substr(0, stream.size()));
  }
  // PostgreSQL: "[4711] app@shop ERROR:  …"; GitLab: "00O ".
  const size_t pid = text.starts_with('[') ? text.find_first_not_of("0123456789-", 1) : 0;
  if (pid > 1 && pid < text.size() && text[pid] == ']' && text.substr(pid).starts_with("] ")) {
    take(pid + 2, text.substr(0, pid));
    const size_t word = text.find(' ');
    if (word < kMaxName && text.substr(0, word).find('@') != std::string_view::npos) {
      text.remove_prefix(word + 1);
    }
  } else if (text.size() > 4 && IsDigit(text[0]) && IsDigit(text[1]) && (text[2] == 'O' || text[2] == 'E') &&
             (text[3] == ' ' || text[3] == '+')) {
    take(4, text.substr(0, 3));
  }
  return true;
}

Strand PrefixStrand(std::string_view line) {
  Strand strand;
  strand.text = line;
  for (int i = 0; i < kMaxPrefixes && TakePrefix(&strand); ++i) {
  }
  return strand.kind == StrandKind::kNone ? Strand{} : strand;
}

}  // namespace

Strand StrandOf(std::string_view line) {
  line = StripMarks(line);
  if (line.size() < 8) return {};
  if (line.starts_with("data: {")) line.remove_prefix(6);
  if (line[0] != '{') return line[0] == ' ' || line[0] == '\t' ? Strand{} : PrefixStrand(line);
  if (MayBeJournal(line)) return JournalStrand(line);
  return line.starts_with("{\"log\":\"") ? DockerStrand(line) : Strand{};
}

}  // namespace gainsay
