// The members of a tar or zip archive. For the other files of this room: those outside call OpenSource().
#ifndef GAINSAY_INPUT_ARCHIVE_H_
#define GAINSAY_INPUT_ARCHIVE_H_

#include <memory>
#include <string>

#include "input/file.h"
#include "input/magic.h"
#include "input/members.h"

namespace gainsay {

struct ArchiveInput {
  std::string name;
  std::unique_ptr<ByteStream> stream;
  Container container = Container::kTar;
  // A descriptor of the file behind `stream`, which owns it, if that can be seeked: a zip's directory, which
  // stands at its end, is then believed before what stands between the members. -1: none.
  int seekable = -1;
  RandomAccess* at = nullptr;  // the same file's bytes; null: none
};

std::unique_ptr<Members> ArchiveMembers(ArchiveInput input, const PathFilter& filter);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_ARCHIVE_H_
