// OpenTelemetry severity numbers, and what other systems call them.
// Source of the numbers: OpenTelemetry logs data model, "SeverityNumber";
// syslog: RFC 5424 section 6.2.1; bunyan and pino: 10 trace … 60 fatal.
// Thread rules: free functions without state.
#ifndef GAINSAY_RECORD_SEVERITY_H_
#define GAINSAY_RECORD_SEVERITY_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gainsay {

// 1-24 as in OpenTelemetry; 0: no level was found.
using Severity = uint8_t;

inline constexpr Severity kNoSeverity = 0;
inline constexpr Severity kLevelTrace = 1, kLevelDebug = 5, kLevelInfo = 9, kLevelInfo2 = 10, kLevelWarn = 13,
                          kLevelError = 17, kLevelError2 = 18, kLevelError3 = 19, kLevelFatal = 21;

// How the numbers of a level field are to be read.
enum class LevelScale : uint8_t {
  kGuess,          // 0-7 syslog, 10-60 bunyan; anything else is no level
  kOpenTelemetry,  // severityNumber: 1-24
  kSyslog,         // PRIORITY: 0-7
};

// A level word or number in any case, trimmed: "ERROR", "err", "E", "warn", "CRITICAL",
// "notice", "ERRO" (slog-rs), "ERROR+4" (Go's slog), " INFO" (ECS), "SUCCESS" (loguru: info),
// "silly", "verbose", "http" (winston), "50" (bunyan), "3" (syslog). None if it is no level.
std::optional<Severity> ParseSeverity(std::string_view text, LevelScale scale = LevelScale::kGuess);

// All words for levels that are known, lower case; letters and signs among them.
std::vector<std::string_view> LevelWords();

// The lower-case short name of OpenTelemetry's range: trace, debug, info, warn, error,
// fatal; "" for kNoSeverity. What `level` holds in output.
std::string_view SeverityName(Severity severity);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_SEVERITY_H_
