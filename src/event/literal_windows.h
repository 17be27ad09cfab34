// Which bytes of each literal are tested, and in which bucket of the kernel (literal_kernel.h): chosen on a
// sample of the log, so that few of its positions look like the beginning of a literal.
#ifndef GAINSAY_EVENT_LITERAL_WINDOWS_H_
#define GAINSAY_EVENT_LITERAL_WINDOWS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event/literal_kernel.h"

namespace gainsay {

struct LiteralWindows {
  std::vector<uint32_t> offsets;  // by literal: where in it the tested bytes begin
  WindowTables tables;
};

// `literals` are in lower case. The sample changes how many positions are hit in vain, never whether a
// literal is; it may be empty.
LiteralWindows LearnWindows(const std::vector<std::string>& literals, std::string_view sample);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LITERAL_WINDOWS_H_
