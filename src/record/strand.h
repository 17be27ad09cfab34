// Which strand of output a line belongs to, where many are printed into one log: journald's stdout
// stream of a process, a container's stream, a pod behind `kubectl logs --prefix`, a program
// in syslog. Told from the bytes of the line alone.
//
// The lines of one record may so be torn apart, each wrapped by itself, with the lines of others in
// between. The law, on which the reader (which folds) and the chunk's cut rest alike:
//
//   A line goes on with the record before it in its strand only if at most kStrandGap lines lie
//   between it and that record's last line, and at most kStrandSpan between it and the
//   record's first.
//
// So nobody has to remember strands across chunks: a chunk is cut where no record goes on (see
// MayGoOn), and whoever reads a single line finds all that belongs to it within these bounds.
// Thread rules: free functions without state.
#ifndef GAINSAY_RECORD_STRAND_H_
#define GAINSAY_RECORD_STRAND_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gainsay {

inline constexpr size_t kStrandGap = 32;    // lines
inline constexpr size_t kStrandSpan = 512;  // lines

enum class StrandKind : uint8_t {
  kNone,
  kJournal,  // an entry that journald took from a process's stdout or stderr
  kDocker,   // a line of Docker's json-file
  kPrefix,   // plain text behind what a container runtime, syslog or a CI put before it
};

struct Strand {
  StrandKind kind = StrandKind::kNone;
  bool partial = false;  // the line was split: its text ends in the strand's next line
  std::string_view who;  // the stream, container, pod or program
  std::string_view pid;
  // What was printed: kPrefix plain, else as it stands in the JSON, without quotes, or an array of
  // bytes with its brackets.
  std::string_view text;
  bool is_array = false;
  std::string_view behind_names;  // kPrefix: the text, still with its innermost prefix

  bool Same(const Strand& other) const { return kind == other.kind && who == other.who && pid == other.pid; }
};

Strand StrandOf(std::string_view line);

// Whether a JSON line may be an entry that journald wrote: so does its first key begin.
bool MayBeJournal(std::string_view json);
// From behind a JSON string's opening quote: its bytes, escapes and all. Empty, too, if it has no end.
std::string_view RawString(std::string_view from);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_STRAND_H_
