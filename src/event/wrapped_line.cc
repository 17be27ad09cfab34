// Only lines that look as the wrappers write them are understood, each of their keys: then nothing but this
// text can be the message. Of the others it is only asked whether they could be a strand's.
#include "event/wrapped_line.h"

#include <string.h>  // memmem

#include "record/strand.h"

namespace gainsay {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool Contains(std::string_view line, std::string_view text) {
  return memmem(line.data(), line.size(), text.data(), text.size()) != nullptr;
}

bool IsTimeByte(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '.' || c == 'T' || c == 'Z' || c == '+';
}

// {"log":"…\n","stream":"stderr","time":"2026-05-31T04:00:00.004950Z"}
WrappedLine Docker(std::string_view line) {
  WrappedLine look;
  look.in_strand = true;
  look.has_level = false;
  constexpr size_t kBegin = 8;
  constexpr std::string_view kOut = R"(","stream":"stdout","time":")",
                             kErr = R"(","stream":"stderr","time":")";
  const std::string_view text = RawString(line.substr(kBegin)), rest = line.substr(kBegin + text.size());
  bool strict = rest.starts_with(kOut) || rest.starts_with(kErr);
  if (strict) {
    size_t time = kOut.size();
    while (time < rest.size() && IsTimeByte(rest[time])) ++time;
    strict = rest.substr(time) == "\"}";
  }
  look.partial = strict ? !text.ends_with("\\n") : StrandOf(line).partial;
  if (strict) look.text = text;
  return look;
}

// {"PRIORITY":"6","MESSAGE":"…","_PID":"4034"}: of the names that loggers give a message journald's is the
// only one in capitals that others could be put before. False: it is not as journald writes it.
bool WalkJournal(std::string_view line, WrappedLine* look) {
  for (size_t at = 1; line[at] == '"';) {
    const std::string_view key = RawString(line.substr(at + 1));
    const size_t value_at = at + 1 + key.size() + 3;  // behind `":"`
    const bool own = !key.empty() && (key[0] == '_' || (key[0] >= 'A' && key[0] <= 'Z'));
    if (!own || value_at >= line.size() || line.substr(value_at - 2, 2) != ":\"") return false;
    const std::string_view value = RawString(line.substr(value_at));
    const size_t end = value_at + value.size();
    if (end + 1 >= line.size() || line[end] != '"') return false;
    if (key == "MESSAGE") {
      if (look->text.data() != nullptr) return false;
      look->text = value;
    } else if (key == "_STREAM_ID") {
      look->in_strand = true;
      look->has_level = false;
    } else if (key == "_TRANSPORT" && value == "stdout") {
      look->has_level = false;
    }
    if (line[end + 1] == '}') return end + 2 == line.size();
    if (line[end + 1] != ',' || end + 3 >= line.size()) return false;
    at = end + 2;
  }
  return false;
}

}  // namespace

WrappedLine LookAtWrapped(std::string_view line) {
  if (line.starts_with("{\"log\":\"")) return Docker(line);
  WrappedLine look;
  if (!MayBeJournal(line) || WalkJournal(line, &look)) return look;
  look = {};
  look.in_strand = Contains(line, "\"_STREAM_ID\"");
  look.has_level = !look.in_strand && !Contains(line, "\"_TRANSPORT\":\"stdout\"");
  return look;
}

}  // namespace gainsay
