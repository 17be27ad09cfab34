// A text that holds another one need not be looked for: where it stands, that stands.
#include "event/line_sieve.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "event/line_keys.h"

namespace gainsay {
namespace {

// Whether `small`, which stands in `large`, counts wherever that does.
bool Covers(const LineSieve::Text& small, const LineSieve::Text& large) {
  return small.words == nullptr && small.escapes == nullptr && (large.in_values || !small.in_values);
}

using Places = std::unordered_map<std::string_view, std::vector<LineSieve::Text>>;

constexpr size_t kShortest = 3;  // of the texts that are worth looking for in others

// The places of a text where none that stands in it counts.
std::vector<LineSieve::Text> Uncovered(std::string_view text, const Places& places) {
  std::vector<LineSieve::Text> left = places.at(text);
  for (size_t begin = 0; begin < text.size() && !left.empty(); ++begin) {
    for (size_t size = kShortest; size <= text.size() - begin && size < text.size(); ++size) {
      const auto small = places.find(text.substr(begin, size));
      if (small == places.end()) continue;
      std::erase_if(left, [&](const LineSieve::Text& large) {
        return std::any_of(small->second.begin(), small->second.end(),
                           [&](const LineSieve::Text& other) { return Covers(other, large); });
      });
    }
  }
  return left;
}

}  // namespace

LineSieve::LineSieve(std::vector<Text> texts, std::string_view sample) {
  Places places;
  for (const Text& text : texts) {
    std::vector<Text>& same = places[text.text];
    if (std::find(same.begin(), same.end(), text) == same.end()) same.push_back(text);
  }
  std::vector<std::string> literals;
  for (const auto& [text, unused] : places) literals.emplace_back(text);
  std::sort(literals.begin(), literals.end());
  std::erase_if(literals, [&](const std::string& literal) {
    std::vector<Text> left = Uncovered(literal, places);
    if (!left.empty()) texts_.push_back(std::move(left));
    return texts_.empty() || texts_.back()[0].text != literal;
  });
  search_ = std::make_unique<LiteralSearch>(std::move(literals), sample);
}

bool LineSieve::Counts(uint32_t literal, std::string_view line, size_t at) const {
  const size_t size = search_->literals()[literal].size();
  const std::vector<Text>& texts = texts_[literal];
  return std::any_of(texts.begin(), texts.end(), [&](const Text& text) {
    if (text.escapes != nullptr && !text.escapes->Hides(line.substr(at + size))) return false;
    if (text.words != nullptr && !Prefilter::IsWord(*text.words, line, at, size)) return false;
    return !text.in_values || !IsOutermostKey(line, at, at + size);
  });
}

// The search goes on until it finds something, be it many lines further on.
bool LineSieve::Cursor::LooksInto(size_t begin, size_t end) {
  const std::string_view text = cursor_.text(), line = text.substr(begin, end - begin);
  for (; next_.at < end; next_ = cursor_.Next(begin, text.size())) {
    if (next_.literal == kNoLiteral || next_.at < begin) continue;
    if (sieve_->Counts(next_.literal, line, next_.at - begin)) return true;
  }
  return false;
}

}  // namespace gainsay
