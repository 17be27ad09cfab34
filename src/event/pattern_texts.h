// Texts of which any match of a regex holds one, multiplied out: "(?:code|status)[ =]40[13]" gives the eight
// "code 401", "code 403", "code=401" and so on, where RE2's prefilter (literals.h) gives " 401", " 403",
// "=401", "=403".
//
// Thread rules: a free function without state.
#ifndef GAINSAY_EVENT_PATTERN_TEXTS_H_
#define GAINSAY_EVENT_PATTERN_TEXTS_H_

#include <string>
#include <vector>

namespace gainsay {

// Lower case, searchable in raw bytes (literals.h); of several such sets the rarest by its letters. Empty if
// there is none of at most `most` texts, or something in the regex is not known here.
std::vector<std::string> PatternTexts(const std::string& regex, size_t most);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_PATTERN_TEXTS_H_
