#include "report/paper.h"

#include <algorithm>

#include "report/escape.h"

namespace gainsay {
namespace {

constexpr size_t kLeastText = 24;  // columns for text, however little the line has left

std::string_view Code(Ink ink) {
  switch (ink) {
    case Ink::kPlain:
      return "";
    case Ink::kBold:
      return "\x1b[1m";
    case Ink::kDim:
      return "\x1b[2m";
    case Ink::kRed:
      return "\x1b[1;31m";
    case Ink::kGreen:
      return "\x1b[32m";
    case Ink::kYellow:
      return "\x1b[1;33m";
  }
  return "";
}

}  // namespace

Paper& Paper::Add(std::string_view text, Ink ink) {
  const std::string_view code = color_ ? Code(ink) : "";
  if (text.empty()) return *this;
  out_ << code << text;
  if (!code.empty()) out_ << "\x1b[0m";
  return *this;
}

Paper& Paper::Space(size_t columns) {
  out_ << std::string(columns, ' ');
  return *this;
}

void Paper::Wrap(std::string_view text, size_t used, size_t indent, Ink ink) {
  bool first_word = true;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const size_t needed = Columns(word) + (first_word ? 0 : 1);
    if (!first_word && used + needed > width_) {
      EndLine();
      Space(indent);
      used = indent;
      first_word = true;
    }
    if (!first_word) Space(1);
    Add(word, ink);
    used += needed;
    first_word = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  EndLine();
}

std::string Paper::Fit(std::string_view raw, size_t used) const {
  const size_t left = width_ > used ? width_ - used : 0;
  return ShortenToColumns(EscapeText(raw), std::max(left, kLeastText));
}

}  // namespace gainsay
