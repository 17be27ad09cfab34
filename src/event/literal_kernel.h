// The innermost loop of the search for literals: which positions of a text can begin one?
//
// Bytes are first put into 64 classes: letters without regard to case, digits, the signs that logs use most.
// A literal is then tested by five of its bytes, those at the offsets {0, 1, 2, 3, 7} from a base, or {0, 1,
// 2, 3, 4} if it is short: for each of the five there is a table from a class to a set of buckets, and a
// position can begin a literal of a bucket if all five allow it. Literals are spread over 24 buckets, so that
// those of different literals do not mix. The design is a cousin of Hyperscan's FDR and ripgrep's Teddy.
// Thread rules: free functions without state.
#ifndef GAINSAY_EVENT_LITERAL_KERNEL_H_
#define GAINSAY_EVENT_LITERAL_KERNEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gainsay {

inline constexpr size_t kTested = 5;  // bytes
// Of eight buckets each: the first for the shortest literals too, the last only for long ones.
inline constexpr size_t kPasses = 3;
using WindowOffsets = std::array<size_t, kTested>;
inline constexpr std::array<WindowOffsets, kPasses> kWindows = {
    WindowOffsets{0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}, {0, 1, 2, 3, 7}};
// A text is searched in strips of blocks of 64 positions. Behind a strip kKernelOverread bytes must be
// readable.
inline constexpr size_t kBlock = 64, kStripBlocks = 32;
inline constexpr size_t kKernelOverread = 2 * kBlock;

// The class of a byte, 0 to 63.
uint8_t ClassOf(char byte);

// Per pass and offset: for a class the buckets that it is allowed in.
struct alignas(64) WindowTables {
  uint8_t of[kPasses][kTested][64] = {};
};

// Of each of the first `blocks` (at most kStripBlocks) blocks at `text`: bit i of its mask says that position
// i can begin a literal. Returns which of the masks are not empty, a bit for each.
using Kernel = uint32_t (*)(const WindowTables& tables, const char* text, size_t blocks, uint64_t* masks);

struct NamedKernel {
  std::string_view name;
  Kernel run = nullptr;     // null: not for this processor
  bool is_instant = false;  // it costs next to nothing beside anything else that is done with a line
};
// From the fastest to the plain one, which every processor can run.
const std::array<NamedKernel, 3>& Kernels();
const NamedKernel& BestKernel();

}  // namespace gainsay

#endif  // GAINSAY_EVENT_LITERAL_KERNEL_H_
