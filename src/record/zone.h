// Offsets of zones: abbreviations as logs write them, and zones that have one offset for all
// times, which need no look-up. For time.cc.
//
//   std::optional<int> seconds = OffsetOfAbbreviation("CEST");   // 7200
#ifndef GAINSAY_RECORD_ZONE_H_
#define GAINSAY_RECORD_ZONE_H_

#include <optional>
#include <string_view>

#include "record/time.h"

namespace gainsay {

// Seconds east of UTC. None for unknown and for ambiguous names ("IST").
std::optional<int> OffsetOfAbbreviation(std::string_view name);

// The offset of a zone that never changes it (UTC, "+02:00"); none for the others.
std::optional<int> FixedOffset(const Zone& zone);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_ZONE_H_
