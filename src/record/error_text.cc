#include "record/error_text.h"

#include <string.h>  // memmem, which is linear; std::string_view::find is not

#include <algorithm>

namespace gainsay {
namespace {

constexpr size_t kMaxParts = 32;

bool Holds(std::string_view text, std::string_view part) {
  return part.size() <= text.size() && memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// At most `limit` bytes, not cut within a character.
std::string_view Cut(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return text.substr(0, limit);
}

}  // namespace

void ErrorText::Add(std::string_view text) {
  text = Cut(Trim(text), kMaxBytes);
  if (text.empty() || parts_.size() >= kMaxParts) return;
  for (const std::string_view part : parts_) {
    if (Holds(part, text)) return;
  }
  // A stack that begins with the message takes the message's place.
  const auto held = std::remove_if(parts_.begin(), parts_.end(),
                                   [text](std::string_view part) { return Holds(text, part); });
  parts_.erase(held, parts_.end());
  parts_.push_back(text);
}

std::string_view ErrorText::Join() {
  if (parts_.empty()) return {};
  if (parts_.size() == 1) return parts_[0];
  joined_.clear();
  for (const std::string_view part : parts_) {
    if (joined_.size() >= kMaxBytes) break;
    if (!joined_.empty()) joined_ += '\n';
    joined_ += part;
  }
  return Cut(joined_, kMaxBytes);
}

}  // namespace gainsay
