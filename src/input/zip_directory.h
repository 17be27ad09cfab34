// The directory at the end of a zip: which members there are, and where each one stands. libarchive reads it
// itself; it is read here where libarchive can't get past a damaged member. For the other files of this room.
#ifndef GAINSAY_INPUT_ZIP_DIRECTORY_H_
#define GAINSAY_INPUT_ZIP_DIRECTORY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "input/file.h"

namespace gainsay {

struct ZipMember {
  std::string path;             // as it is written
  uint64_t begin = 0, end = 0;  // bytes of the file: the member's header and data, up to what stands next
};

// The members of a zip file, by their places, each place once: as libarchive goes through them. Empty if
// there is no directory, or it is damaged.
std::vector<ZipMember> ReadZipDirectory(RandomAccess* file);

// How many members there are that hold something, by the last bytes of a zip (kContainerEndBytes of them).
// None if that isn't told there: the directory is too long.
std::optional<uint64_t> ZipMembersAtEnd(std::string_view last);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_ZIP_DIRECTORY_H_
