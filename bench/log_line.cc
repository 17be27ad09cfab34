// Each shape is a list of keys in the order in which that logger writes them; strings go through one
// escaper. Text goes in from the inside: Celery's line or the application's JSON first, then its wrapper.
#include "log_line.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace gainsay {
namespace {

// ---- JSON strings ----------------------------------------------------------------------

void AppendEscape(uint32_t unit, std::string* out) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", unit & 0xffffU);
  *out += text.data();
}

bool IsSpelled(char c, Escapes escapes) {
  switch (c) {
    case '<':
    case '>':
    case '&':
      return escapes >= Escapes::kHtml;
    case '\'':
      return escapes >= Escapes::kQuotes;
    case '[':
    case ']':
      return escapes >= Escapes::kBrackets;
    default:
      return static_cast<unsigned char>(c) < 0x20;
  }
}

// The code point of a UTF-8 sequence of two or three bytes, which is all that the words have.
uint32_t Decode(std::string_view text, size_t* length) {
  const auto byte = [text](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[i])); };
  *length = byte(0) < 0xe0 ? 2 : 3;
  if (*length == 2) return (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
  return (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
}

void AppendString(std::string_view text, const LogLine& style, std::string* out) {
  *out += '"';
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
    } else if (c == '\n') {
      *out += "\\n";
    } else if (IsSpelled(c, style.escapes)) {
      AppendEscape(static_cast<unsigned char>(c), out);
    } else if (style.ascii && (c & '\x80') != 0) {
      size_t length = 0;
      AppendEscape(Decode(text.substr(i), &length), out);
      i += length - 1;
    } else {
      *out += c;
    }
  }
  *out += '"';
}

class Object {
 public:
  Object(const LogLine& style, std::string* out) : style_(style), out_(out) { *out_ += '{'; }
  Object& Raw(std::string_view key, std::string_view json) {
    if (out_->back() != '{') *out_ += ',';
    *out_ += '"';
    *out_ += key;
    *out_ += "\":";
    *out_ += json;
    return *this;
  }
  Object& Text(std::string_view key, std::string_view value) {
    Raw(key, "");
    AppendString(value, style_, out_);
    return *this;
  }
  Object& TextIf(std::string_view key, std::string_view value) {
    return value.empty() ? *this : Text(key, value);
  }
  void Close() { *out_ += '}'; }

 private:
  const LogLine& style_;
  std::string* out_;
};

// ---- Parts -----------------------------------------------------------------------------

// "2026-05-31", `between`, "04:12:09", `point`, digits of the second.
std::string TimeText(int64_t time_us, char between, char point, int digits) {
  const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds(time_us)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u%c%02d:%02d:%02d%c%06d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), between, static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()), point,
                static_cast<int>(clock.subseconds().count()));
  std::string result = text.data();
  result.resize(result.size() - static_cast<size_t>(6 - digits));
  return result;
}

std::string Hex(uint64_t value, int digits) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%0*llx", digits,
                static_cast<unsigned long long>(value * 0x9e3779b97f4a7c15ULL));
  return text.data();
}

std::string Lane(const LogLine& line) {
  return line.by_main ? "MainProcess" : "ForkPoolWorker-" + std::to_string(line.worker + 1);
}

std::string Pid(const LogLine& line) { return std::to_string(line.by_main ? 4000U : 4001U + line.worker); }

std::string Host(const LogLine& line) { return "worker-" + std::to_string(line.worker % 8); }

std::string Lower(std::string_view level) {
  std::string text(level);
  for (char& c : text) c = static_cast<char>(c | 0x20);
  return text;
}

// Text logs have no field for the error: it ends the message.
std::string WholeMessage(const LogLine& line) {
  return line.error.empty() ? line.message : line.message + ": " + line.error;
}

std::string CeleryText(const LogLine& line) {
  std::string text = "[" + TimeText(line.time_us, ' ', ',', 3) + ": " + line.level + "/" + Lane(line) + "] ";
  if (!line.task.empty() && !line.by_celery) text += std::string(line.name) + "[" + line.task + "]: ";
  return text + WholeMessage(line);
}

// ---- Shapes ----------------------------------------------------------------------------

void AppendFlat(const LogLine& line, std::string* out) {
  Object json(line, out);
  json.Text("asctime", TimeText(line.time_us, ' ', ',', 3)).Text("levelname", line.level);
  json.Text("name", line.by_celery ? "celery.app.trace" : "shop.tasks").Text("processName", Lane(line));
  json.Raw("process", Pid(line)).Text("message", line.message).TextIf("exc_info", line.error);
  if (!line.by_celery) json.TextIf("task_id", line.task).TextIf("task_name", line.name);
  json.Text("trace_id", Hex(line.serial, 32)).Text("service", "catalog-worker").Text("env", "production");
  json.Text("hostname", Host(line)).Close();
}

void AppendInnerJson(const LogLine& line, std::string* out) {
  Object json(line, out);
  json.Text("level", Lower(line.level)).Text("time", TimeText(line.time_us, 'T', '.', 6) + "Z");
  json.Text("msg", line.message).TextIf("error", line.error);
  if (!line.by_celery) json.TextIf("task_id", line.task);
  json.Text("logger", "shop.tasks").Raw("pid", Pid(line)).Close();
}

std::string InnerLine(const LogLine& line) {
  if (!line.inner_json) return CeleryText(line);
  std::string inner;
  AppendInnerJson(line, &inner);
  return inner;
}

std::string ByteArray(std::string_view text) {
  std::string array = "[";
  for (const char c : text) {
    if (array.size() > 1) array += ',';
    array += std::to_string(static_cast<unsigned char>(c));
  }
  return array + "]";
}

void AppendJournald(const LogLine& line, std::string* out) {
  Object json(line, out);
  json.Text("__CURSOR", "s=0f3c;i=" + Hex(line.serial, 16)).Text("_TRANSPORT", "stdout");
  json.Text("__REALTIME_TIMESTAMP", std::to_string(line.time_us + 137)).Text("PRIORITY", "6");
  json.Text("_PID", Pid(line)).Text("_HOSTNAME", Host(line)).Text("SYSLOG_IDENTIFIER", "celery");
  json.Text("_SYSTEMD_UNIT", "celery-catalog.service");
  if (line.byte_array) {
    // journald does so where it meets what it can't print: here a colour's end.
    json.Raw("MESSAGE", ByteArray(InnerLine(line) + (line.inner_json ? "" : "\x1b[0m")));
  } else {
    json.Text("MESSAGE", InnerLine(line));
  }
  json.Close();
}

void AppendEcs(const LogLine& line, std::string* out) {
  Object json(line, out);
  json.Text("@timestamp", TimeText(line.time_us, 'T', '.', 3) + "Z");
  json.Raw("log", "");
  Object log(line, out);
  log.Text("level", Lower(line.level))
      .Text("logger", line.by_celery ? "celery.app.trace" : "shop.tasks")
      .Close();
  json.Text("message", line.message).Raw("ecs", R"({"version":"8.11.0"})");
  json.Raw("service", R"({"name":"catalog-worker","environment":"production"})");
  json.Raw("process", R"({"pid":)" + Pid(line) + R"(,"thread":{"name":"MainThread"}})");
  json.Raw("host", R"({"name":")" + Host(line) + R"("})");
  if (!line.by_celery && !line.task.empty()) json.Raw("labels", R"({"task_id":")" + line.task + R"("})");
  if (!line.error.empty()) {
    json.Raw("error", "");
    Object error(line, out);
    error.Text("type", "StoreError").Text("message", line.error).Close();
  }
  json.Raw("trace", R"({"id":")" + Hex(line.serial, 32) + R"("})").Close();
}

void AppendDocker(const LogLine& line, std::string* out) {
  LogLine outer;
  outer.escapes = Escapes::kHtml;
  Object json(outer, out);
  json.Text("log", InnerLine(line) + "\n").Text("stream", "stderr");
  json.Text("time", TimeText(line.time_us + 211, 'T', '.', 6) + "482Z").Close();
}

}  // namespace

void AppendLine(const LogLine& line, std::string* out) {
  switch (line.shape) {
    case LogShape::kFlat:
    case LogShape::kMixed:
      AppendFlat(line, out);
      break;
    case LogShape::kJournald:
      AppendJournald(line, out);
      break;
    case LogShape::kEcs:
      AppendEcs(line, out);
      break;
    case LogShape::kDocker:
      AppendDocker(line, out);
      break;
  }
  *out += '\n';
}

}  // namespace gainsay
