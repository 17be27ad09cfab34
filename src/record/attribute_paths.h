// Which attributes the JSON of a log has, for who does not know them yet.
//
//   AttributePaths paths;
//   reader.Observe(&paths);            // then read
//   for (const auto& [path, count] : paths.counts) …
//
// Paths are dotted ("ctx.jid"); only those that end in a text, a number or a boolean outside of arrays.
// At most kMaxPaths; what comes later is counted in `dropped`. Thread rules: one object, one thread.
#ifndef GAINSAY_RECORD_ATTRIBUTE_PATHS_H_
#define GAINSAY_RECORD_ATTRIBUTE_PATHS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace gainsay {

struct AttributePaths {
  static constexpr size_t kMaxPaths = 256;
  static constexpr size_t kMaxPathBytes = 128;  // longer ones are no field's name

  std::map<std::string, uint64_t, std::less<>> counts;
  uint64_t dropped = 0;

  void Add(std::string_view path) {
    if (path.empty() || path.size() > kMaxPathBytes) return;
    if (const auto found = counts.find(path); found != counts.end()) {
      ++found->second;
    } else if (counts.size() < kMaxPaths) {
      counts.emplace(path, 1);
    } else {
      ++dropped;
    }
  }
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_ATTRIBUTE_PATHS_H_
