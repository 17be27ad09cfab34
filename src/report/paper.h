// What a text report is written on: so many columns, colours or none.
//
// Thread rules: one paper, one thread.
#ifndef GAINSAY_REPORT_PAPER_H_
#define GAINSAY_REPORT_PAPER_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "report/report.h"

namespace gainsay {

enum class Ink : uint8_t { kPlain, kBold, kDim, kRed, kGreen, kYellow };

class Paper {
 public:
  // `out` must outlive it. A width of 0 means that nothing is shortened.
  Paper(const ReportStyle& style, std::ostream& out)
      : color_(style.color), width_(style.width == 0 ? SIZE_MAX : style.width), out_(out) {}

  // `text` is written as it is: escaped before, and no wider than it may be.
  Paper& Add(std::string_view text, Ink ink = Ink::kPlain);
  Paper& Space(size_t columns);
  void EndLine() { out_ << '\n'; }

  // Text of any length, broken at blanks: the first line goes on where the line stands (`used` columns),
  // the others are indented by `indent`. Ends the line.
  void Wrap(std::string_view text, size_t used, size_t indent, Ink ink = Ink::kPlain);

  // From a log: escaped, and shortened to what is left of the line behind `used` columns.
  std::string Fit(std::string_view raw, size_t used) const;

  size_t width() const { return width_; }

 private:
  bool color_;
  size_t width_;
  std::ostream& out_;
};

// The two parts of a text report; each ends with a line feed unless it has nothing to say.
void WriteFindings(const Document& document, const ReportStyle& style, Paper* paper);
void WriteSummary(const Document& document, const ReportStyle& style, Paper* paper);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_PAPER_H_
