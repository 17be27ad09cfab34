// A border is safe where no strand's first line behind it goes on with that strand's last line before it.
// Most lines are told by a glance: another strand's, or one that does not look like a continuation. What
// remains is asked as the reader would ask it, except that the reader knows the whole record and this knows
// only the line before: where that leaves a doubt, the answer is yes.

#include "record/weave.h"

#include <algorithm>
#include <vector>

#include "record/continuation.h"
#include "record/decode.h"
#include "record/lines.h"

namespace gainsay {
namespace {

struct SeenLine {
  std::string_view line;
  Strand strand;
};

// The last line of `text`, taken off it.
std::string_view TakeLast(std::string_view* text) {
  if (text->ends_with('\n')) text->remove_suffix(1);
  const size_t start = LastNewline(*text) + 1;  // npos + 1 == 0
  const std::string_view line = text->substr(start);
  text->remove_suffix(line.size());
  return line;
}

std::string_view TakeFirst(std::string_view* text) {
  const size_t end = std::min(text->find('\n'), text->size());
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  return line;
}

// Whether more may follow `before`, whatever it looks like.
bool ExpectsMore(const Strand& before) {
  std::string scratch;
  const std::optional<std::string_view> text = PrintedText(before, &scratch);
  if (!text) return false;
  TraceState trace;
  trace.Begin(*text);
  return StripToJson(*text).empty() || LooksLikeContinuation(*text) || trace.expects_more();
}

// Whether the record that the last lines of a journald stream belong to was taken by a format:
// all that no format takes goes on with it.
bool FormatOpen(std::string_view before, const Strand& strand, const TextFormats& texts) {
  std::string scratch;
  for (size_t i = 0; i < kStrandSpan && !before.empty(); ++i) {
    const std::string_view line = TakeLast(&before);
    const Strand other = StrandOf(line);
    if (!other.Same(strand)) continue;
    const std::optional<std::string_view> text = PrintedText(other, &scratch);
    if (text && BeginsInStrand(line, other, *text, texts)) return StripToJson(*text)[0] != '{';
  }
  return false;
}

// Whether an object was printed, which begins a record. Escaped or not, it begins alike.
bool BeginsObject(const Strand& strand) { return !strand.is_array && strand.text.starts_with('{'); }

bool GoesOnWith(const Strand& last, const SeenLine& next, std::string_view before, const TextFormats& texts) {
  if (last.partial) return true;
  if (BeginsObject(next.strand)) return false;
  std::string scratch;
  const std::optional<std::string_view> text = PrintedText(next.strand, &scratch);
  if (!text) return false;
  if (StripToJson(*text).empty()) return true;
  // Of a journald stream all may go on, whatever its looks.
  const bool is_journal = next.strand.kind == StrandKind::kJournal;
  const auto by_looks = [&] {
    return LooksLikeContinuation(*text) || IsExceptionLine(*text) || ExpectsMore(last);
  };
  if (!is_journal && !by_looks()) return false;
  if (BeginsInStrand(next.line, next.strand, *text, texts)) return false;
  return !is_journal || by_looks() || FormatOpen(before, next.strand, texts);
}

std::string_view LineAt(std::string_view bytes, size_t at) {
  return bytes.substr(at, std::min(bytes.find('\n', at), bytes.size()) - at);
}

}  // namespace

size_t BeforeInRecord(std::string_view bytes, size_t at, const TextFormats& texts) {
  const std::string_view line = LineAt(bytes, at);
  const Strand strand = StrandOf(line);
  if (strand.kind == StrandKind::kNone) return std::string_view::npos;
  std::string_view before = bytes.substr(0, at);
  for (size_t i = 0; i <= kStrandGap && !before.empty(); ++i) {
    const std::string_view other = TakeLast(&before);
    const Strand last = StrandOf(other);
    if (!last.Same(strand)) continue;
    const bool goes_on = GoesOnWith(last, {line, strand}, bytes.substr(0, at), texts);
    return goes_on ? static_cast<size_t>(other.data() - bytes.data()) : std::string_view::npos;
  }
  return std::string_view::npos;
}

std::optional<std::string_view> PrintedText(const Strand& strand, std::string* scratch) {
  std::string_view text = strand.text;
  if (strand.kind != StrandKind::kPrefix && !text.empty()) {
    scratch->resize(text.size() + kChunkPadding);
    const char* end = nullptr;
    bool all_null = false, repaired = false;
    if (text.front() == '[' && text.back() == ']' && strand.is_array) {
      end = DecodeArray(text, ArrayUse::kJoin, true, scratch->data(), &all_null, &repaired);
    } else {
      end = UnescapeJson(text, scratch->data());
    }
    if (!end) return std::nullopt;
    text = {scratch->data(), static_cast<size_t>(end - scratch->data())};
  }
  thread_local std::string plain;
  text = WithoutColors(text, &plain);
  if (text.data() == plain.data()) {
    *scratch = text;
    text = *scratch;
  }
  return StripMarks(text);
}

bool BeginsInStrand(std::string_view line, const Strand& strand, std::string_view text,
                    const TextFormats& texts) {
  const std::string_view head = StripMarks(text.substr(0, text.find('\n')));
  if (StripToJson(text).starts_with('{')) return true;
  thread_local std::string scratch, plain;
  if (strand.kind == StrandKind::kPrefix) {
    for (const std::string_view outer : {StripMarks(line), strand.behind_names}) {
      TextParts parts;
      if (!texts.Match(WithoutColors(Repaired(outer, &scratch), &plain), &parts)) continue;
      if (!parts.fields[static_cast<size_t>(Field::kLevel)].empty()) return true;
    }
  }
  return texts.Matches(Repaired(head, &scratch));
}

GoesOn MayGoOn(std::string_view before, std::string_view from, bool enough, size_t* unknown_from,
               const TextFormats& texts) {
  thread_local std::vector<SeenLine> last, first;
  last.clear();
  first.clear();
  bool any = false;
  for (std::string_view rest = before; last.size() <= kStrandGap && !rest.empty();) {
    const std::string_view line = TakeLast(&rest);
    last.push_back({line, StrandOf(line)});
    any = any || last.back().strand.kind != StrandKind::kNone;
    if (any && !enough) {
      *unknown_from = static_cast<size_t>(line.data() - before.data());
      return GoesOn::kUnknown;
    }
  }
  if (!any) return GoesOn::kNo;
  size_t lines = 0;
  for (; lines <= kStrandGap && !from.empty(); ++lines) {
    const std::string_view line = TakeFirst(&from);
    const SeenLine next = {line, StrandOf(line)};
    if (next.strand.kind == StrandKind::kNone) continue;
    const auto same = [&next](const SeenLine& other) { return other.strand.Same(next.strand); };
    if (std::any_of(first.begin(), first.end(), same)) continue;
    first.push_back(next);
    const size_t reach = std::min(last.size(), kStrandGap - lines + 1);
    const auto end = last.begin() + static_cast<std::ptrdiff_t>(reach);
    const auto found = std::find_if(last.begin(), end, same);
    if (found != end && GoesOnWith(found->strand, next, before, texts)) return GoesOn::kYes;
  }
  return GoesOn::kNo;
}

}  // namespace gainsay
