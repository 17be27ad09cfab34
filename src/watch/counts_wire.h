// Counts as bytes, and back. For what a watch remembers.
#ifndef GAINSAY_WATCH_COUNTS_WIRE_H_
#define GAINSAY_WATCH_COUNTS_WIRE_H_

#include <string>
#include <utility>
#include <vector>

#include "finding/bounded_counts.h"
#include "rule/wire.h"

namespace gainsay {

inline void WriteCounts(const BoundedCounts& counts, WireWriter* writer) {
  writer->Number(counts.series().size());
  for (const auto& [labels, count] : counts.series()) {
    writer->Number(labels.size());
    for (const std::string& label : labels) writer->Text(label);
    writer->Number(count);
  }
}

inline void ReadCounts(WireReader* reader, BoundedCounts* counts) {
  for (uint64_t left = reader->Count(); left > 0; --left) {
    std::vector<std::string> labels;
    for (uint64_t more = reader->Count(); more > 0; --more) labels.emplace_back(reader->Text());
    counts->Add(std::move(labels), reader->Number());
  }
}

}  // namespace gainsay

#endif  // GAINSAY_WATCH_COUNTS_WIRE_H_
