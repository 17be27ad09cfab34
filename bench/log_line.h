// One line of a generated log, and how each logger spells it.
//
//   std::string out;
//   AppendLine(line, &out);   // with its newline
#ifndef GAINSAY_BENCH_LOG_LINE_H_
#define GAINSAY_BENCH_LOG_LINE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace gainsay {

enum class LogShape : uint8_t {
  kFlat,      // python-json-logger
  kJournald,  // journalctl -o json, Celery's text or JSON in MESSAGE
  kEcs,       // nested ECS JSON
  kDocker,    // json-file, Celery's text or JSON in "log"
  kMixed,     // all four in one log
};
inline constexpr uint8_t kPureShapes = 4;

enum class LineKind : uint8_t {
  kApplication,  // chatter
  kQuote,        // INFO, quotes an error
  kReadError,    // ERROR, but no write
  kPostponed,    // WARNING, but still to be done
  kStart,
  kError,
  kResolution,
  kTerminal,
};
inline constexpr uint8_t kLineKinds = 8;

// Letters that a JSON string spells as \u00XX although it need not.
enum class Escapes : uint8_t {
  kNone,
  kHtml,      // < > &: Go, so Docker
  kQuotes,    // the same and ': .NET
  kBrackets,  // the same and [ ]
};

struct LogLine {
  LineKind kind = LineKind::kApplication;
  LogShape shape = LogShape::kFlat;  // never kMixed
  bool inner_json = false;           // journald and Docker: JSON instead of Celery's text
  bool by_celery = false;            // Celery's own line: the id stands in the message, in no field
  bool by_main = false;              // printed by the main process
  bool byte_array = false;           // journald: MESSAGE as numbers
  bool ascii = false;                // non-ASCII letters as \uXXXX, as Python does
  Escapes escapes = Escapes::kNone;
  const char* level = "INFO";
  int64_t time_us = 0;
  uint32_t worker = 0;
  uint64_t serial = 0;  // of the line; makes cursors and trace ids
  std::string task;     // "" for lines of no task
  std::string_view name;
  std::string message;
  std::string error;  // in a field of its own where the shape has one
};

void AppendLine(const LogLine& line, std::string* out);

}  // namespace gainsay

#endif  // GAINSAY_BENCH_LOG_LINE_H_
