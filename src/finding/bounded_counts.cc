#include "finding/bounded_counts.h"

#include <utility>

namespace gainsay {
namespace {

// Cut before a code point, not within it.
void Cut(std::string* label) {
  size_t end = BoundedCounts::kLabelBytes;
  if (label->size() <= end) return;
  while (end > 0 && (static_cast<unsigned char>((*label)[end]) & 0xc0) == 0x80) --end;
  label->resize(end);
}

}  // namespace

void BoundedCounts::Add(Labels labels, uint64_t count) {
  for (std::string& label : labels) Cut(&label);
  const auto has_room = [&](size_t series) {
    return series_.size() < series || series_.find(labels) != series_.end();
  };
  if (!has_room(cap_) && !labels.empty()) labels.front() = "other";
  if (!has_room(2 * cap_)) labels.assign(labels.size(), "other");
  series_[std::move(labels)] += count;
}

}  // namespace gainsay
