// What a file is, told by its first bytes. For the other files of this room.
#ifndef GAINSAY_INPUT_MAGIC_H_
#define GAINSAY_INPUT_MAGIC_H_

#include <cstddef>
#include <string_view>

namespace gainsay {

enum class Packing { kNone, kGzip, kZstd, kBzip2, kXz, kLz4 };
inline constexpr size_t kPackingBytes = 10;  // as many of the first bytes tell it
Packing PackingOf(std::string_view first);

enum class Container { kNone, kTar, kZip };
inline constexpr size_t kContainerBytes = 512;
Container ContainerOf(std::string_view first);

// True if the last bytes of an archive are the end that it should have; else it may be cut, even where all
// that is there could be read.
inline constexpr size_t kContainerEndBytes = 22 + 65535;  // a zip's end may hold a comment
bool HasEnd(Container container, std::string_view last);
// Where in the last bytes of a zip its end record begins; npos: nowhere.
size_t FindZipEnd(std::string_view last);

// True for what is no text in any encoding that gainsay reads: many control characters (programs, pictures,
// UTF-16). Zeros in front are what log rotation by truncation leaves, and say nothing.
inline constexpr size_t kTextBytes = 4096;
bool IsBinary(std::string_view first);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_MAGIC_H_
