// Lines that go on with the record before them, told by their looks.
//
//   TraceState trace;
//   trace.Begin(first_line);
//   if (trace.Continues(line)) … the line belongs to it
//
// Thread rules: one object, one thread.
#ifndef GAINSAY_RECORD_CONTINUATION_H_
#define GAINSAY_RECORD_CONTINUATION_H_

#include <cstdint>
#include <string_view>

namespace gainsay {

// A line that by its looks continues the one before it: indented, a traceback's head or tail
// ("Traceback (most recent call last):", "Caused by:", "During handling of …", "… more"), a frame
// at the margin (Ruby, PHP), a lone closing bracket (Node), PostgreSQL's DETAIL, HINT, CONTEXT, LINE
// and STATEMENT lines, SQLAlchemy's "[SQL: …".
bool LooksLikeContinuation(std::string_view line);

// "Traceback (most recent call last):" and what joins tracebacks: lines at the margin
// that an exception's own line, also at the margin, is still to follow.
bool IsTracebackHead(std::string_view line);

// "org.shop.StoreException: no space": what Java and .NET print before the frames.
bool IsExceptionLine(std::string_view line);

// What may be an exception's own line, as tracebacks end and stack traces begin, also without a package and
// by another name: "OSError: [Errno 28] …", "psycopg2.errors.UndefinedColumn: …". Prose ("Error: …") is none.
bool LooksLikeException(std::string_view line);

// What the lines so far say about the next one.
class TraceState {
 public:
  void Begin(std::string_view first_line);
  // Whether `line` goes on with what came before; if so it becomes part of that.
  bool Continues(std::string_view line);
  // Whether Continues(line) could be true for a line that does not look like a continuation.
  bool expects_more() const { return expects_ != Expects::kNothing; }

 private:
  enum class Expects : uint8_t {
    kNothing,
    kException,  // one line at the margin: the exception's own
    kGoFrames,   // "main.save(0xc000, …)" at the margin, between indented places
  };

  Expects expects_ = Expects::kNothing;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_CONTINUATION_H_
