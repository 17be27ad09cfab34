// Only lines that look as the wrappers write them are understood, each of their keys: then nothing but this
// text can be the message. Of the others it is only asked whether they could be a strand's.
#include "event/wrapped_line.h"

#include "record/find_text.h"
#include "record/json_block.h"
#include "record/strand.h"

namespace gainsay {
namespace {

constexpr size_t kNone = std::string_view::npos;
constexpr std::string_view kDocker = "{\"log\":\"";

// {"log":"…\n","stream":"stderr","time":"2026-05-31T04:00:00.004950Z"}
WrappedLine Docker(std::string_view line) {
  WrappedLine look;
  look.in_strand = true;
  look.has_level = false;
  constexpr std::string_view kOut = R"(","stream":"stdout","time":")",
                             kErr = R"(","stream":"stderr","time":")";
  const std::string_view text = RawString(line.substr(kDocker.size())),
                         rest = line.substr(kDocker.size() + text.size());
  const bool strict = (rest.starts_with(kOut) || rest.starts_with(kErr)) &&
                      EndOfPlain(rest, kOut.size()) + 2 == rest.size() && rest.ends_with("\"}");
  look.partial = strict ? !text.ends_with("\\n") : StrandOf(line).partial;
  if (strict) look.text = text;
  return look;
}

// {"PRIORITY":"6","MESSAGE":"…","_PID":"4034"}: of the names that loggers give a message journald's is the
// only one in capitals that others could be put before. False: it is not as journald writes it.
bool WalkJournal(std::string_view line, WrappedLine* look) {
  for (size_t at = 1; line[at] == '"';) {
    const size_t key_end = EndOfPlain(line, at + 1), value_at = key_end + 3;  // behind `":"`
    if (value_at >= line.size() || line.substr(key_end, 3) != "\":\"") return false;
    const std::string_view key = line.substr(at + 1, key_end - at - 1);
    const bool own = !key.empty() && (key[0] == '_' || (key[0] >= 'A' && key[0] <= 'Z'));
    const size_t end = EndOfString(line, value_at);
    if (!own || end + 1 >= line.size()) return false;
    const std::string_view value = line.substr(value_at, end - value_at);
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
  if (line.starts_with(kDocker)) return Docker(line);
  WrappedLine look;
  if (!MayBeJournal(line) || WalkJournal(line, &look)) return look;
  look = {};
  look.in_strand = FindText(line, "\"_STREAM_ID\"") != kNone;
  look.has_level = !look.in_strand && FindText(line, "\"_TRANSPORT\":\"stdout\"") == kNone;
  return look;
}

bool IsPartial(std::string_view line) { return line.starts_with(kDocker) && Docker(line).partial; }

}  // namespace gainsay
