// Counts by one or more labels, for monitoring: what a log names may be without end, the number of series of
// a metric must not be.
//
//   BoundedCounts errors;
//   errors.Add({target, reason});
//
// Thread rules: one value, one thread.
#ifndef GAINSAY_FINDING_BOUNDED_COUNTS_H_
#define GAINSAY_FINDING_BOUNDED_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gainsay {

class BoundedCounts {
 public:
  using Labels = std::vector<std::string>;

  // The first `cap` different labels are counted by their own names. For the others the first label reads
  // "other", and where even these are more than `cap`, all labels do.
  explicit BoundedCounts(size_t cap = 200) : cap_(cap) {}

  // Labels are cut at kLabelBytes. The first label is the one without bounds (a collection, a cause).
  void Add(Labels labels, uint64_t count = 1);

  const std::map<Labels, uint64_t>& series() const { return series_; }

  static constexpr size_t kLabelBytes = 120;

 private:
  size_t cap_;
  std::map<Labels, uint64_t> series_;
};

}  // namespace gainsay

#endif  // GAINSAY_FINDING_BOUNDED_COUNTS_H_
