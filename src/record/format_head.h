// For the build, which works it out once and for all (rules/embed.cc). Thread rules: a free function without state.
#ifndef GAINSAY_RECORD_FORMAT_HEAD_H_
#define GAINSAY_RECORD_FORMAT_HEAD_H_

#include <string>

namespace gainsay {

// What a text begins with that a text format's pattern matches, as in pattern_heads.h.
std::string FormatHead(const std::string& pattern);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_FORMAT_HEAD_H_
