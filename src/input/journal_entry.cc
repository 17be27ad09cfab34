#include "input/journal_entry.h"

#include <algorithm>
#include <cstdint>

namespace gainsay {
namespace {

constexpr size_t kLongestValue = size_t{16} << 20;  // a core dump is none of ours

// How long the character is that the text begins with; 0 if it is no UTF-8, or not to be printed.
size_t PrintableBytes(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
  const auto goes_on = [&](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const uint8_t first = byte(0);
  if (first < 0x80) return (first >= 0x20 && first != 0x7f) || first == '\n' || first == '\t' ? 1 : 0;
  const size_t length = first >= 0xc2 && first < 0xe0 ? 2
                        : (first & 0xf0) == 0xe0      ? 3
                        : (first & 0xf8) == 0xf0      ? 4
                                                      : 0;
  for (size_t i = 1; i < length; ++i) {
    if (!goes_on(i)) return 0;
  }
  const uint8_t second = byte(1);
  const bool control = first == 0xc2 && second < 0xa0;
  const bool too_long = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool no_character =
      (first == 0xed && second >= 0xa0) || first > 0xf4 || (first == 0xf4 && second >= 0x90);
  return control || too_long || no_character ? 0 : length;
}

bool IsPrintable(std::string_view text) {
  while (!text.empty()) {
    const size_t length = PrintableBytes(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void AppendString(std::string_view text, std::string* out) {
  out->push_back('"');
  for (char c : text) {
    switch (c) {
      case '"':
      case '\\':
        out->push_back('\\');
        out->push_back(c);
        break;
      case '\n':
        out->append("\\n");
        break;
      case '\t':
        out->append("\\t");
        break;
      default:
        out->push_back(c);
    }
  }
  out->push_back('"');
}

void AppendValue(std::string_view value, std::string* out) {
  if (value.size() > kLongestValue) {
    out->append("null");
  } else if (IsPrintable(value)) {
    AppendString(value, out);
  } else {
    char before = '[';
    for (char c : value) {
      out->push_back(before);
      out->append(std::to_string(static_cast<uint8_t>(c)));
      before = ',';
    }
    out->push_back(']');
  }
}

}  // namespace

void JournalEntry::Add(std::string_view name, std::string_view value) {
  const auto known =
      std::find_if(fields_.begin(), fields_.end(), [&](const auto& field) { return field.first == name; });
  if (known != fields_.end()) {
    known->second.emplace_back(value);
  } else {
    fields_.push_back({std::string(name), {std::string(value)}});
  }
}

void JournalEntry::AppendLine(std::string* out) const {
  char before = '{';
  for (const auto& [name, values] : fields_) {
    out->push_back(before);
    before = ',';
    AppendString(name, out);
    out->append(values.size() > 1 ? ":[" : ":");
    for (size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out->push_back(',');
      AppendValue(values[i], out);
    }
    if (values.size() > 1) out->push_back(']');
  }
  out->append(fields_.empty() ? "{}\n" : "}\n");
}

}  // namespace gainsay
