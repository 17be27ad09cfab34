// What of a regex tells whether it matches somewhere in a text: it without what may be missing at its begin
// and at its end.
//
// Thread rules: a free function without state.
#ifndef GAINSAY_EVENT_PATTERN_CORE_H_
#define GAINSAY_EVENT_PATTERN_CORE_H_

#include <string_view>

#include "record/pattern_tree.h"

namespace gainsay {

// The core of a regex that RE2 takes. Each match of the regex holds one of the core, and where the core
// matches, the regex does, unless it asks for anchors or word borders: those at its ends are left out. Its
// root is null if the regex may match nothing at all, or there is something in it that is not known here.
// Groups are left out.
PatternTree CoreOf(std::string_view regex);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_PATTERN_CORE_H_
