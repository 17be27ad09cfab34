// Where a record stood, as CI systems take it: they match a path against the files of the repository, and
// some refuse a whole report for one path that is absolute or no URI.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_LOCATION_H_
#define GAINSAY_REPORT_LOCATION_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace gainsay {

// Relative to `directory` (absolute; "" if unknown) where it lies below it, else without its leading slash.
// Never empty, without ".", ".." and empty components; "stdin" for "-". Escaped (EscapeText).
std::string RelativePath(std::string_view source, std::string_view directory);

// A path as a URI reference: what RFC 3986 doesn't let stand in one is percent-encoded.
std::string PathAsUri(std::string_view path);

// Lines count from 1, and consumers keep them in 32 bits.
uint64_t LineNumber(uint64_t line);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_LOCATION_H_
