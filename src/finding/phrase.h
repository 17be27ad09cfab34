// Numbers as sentences hold them: "1,204 records", "1 run", "3.1 MB", "0.4 s".
// Thread rules: free functions without state.
#ifndef GAINSAY_FINDING_PHRASE_H_
#define GAINSAY_FINDING_PHRASE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace gainsay {

// "1,204".
std::string Thousands(uint64_t number);

// The number and its noun: Counted(1, "run") is "1 run", Counted(1204, "run") "1,204 runs". The plural is
// the noun and "s" unless given.
std::string Counted(uint64_t number, std::string_view noun, std::string_view plural = "");

// "812 bytes", "20.4 KB", "1.2 GB"; powers of 1000.
std::string ByteSize(uint64_t bytes);

// "12 ms", "0.4 s", "3 min 5 s", "2 h 10 min", "3 d 4 h". Not negative.
std::string Span(uint64_t duration_ns);

}  // namespace gainsay

#endif  // GAINSAY_FINDING_PHRASE_H_
