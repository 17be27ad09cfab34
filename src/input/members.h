// What a source holds: a file is one text, an archive (tar, zip) one for each of its members.
//
//   absl::StatusOr<std::unique_ptr<Members>> members = OpenSource(source, filter);
//   while (absl::StatusOr<std::optional<Member>> m = (*members)->Next(); m.ok() && *m) Read(**m);
//
// An archive is read in one pass, front to back, and never held: a tar from a pipe does as well as a file.
// Thread rules: the members of one source, and their streams, are for one thread at a time.
#ifndef GAINSAY_INPUT_MEMBERS_H_
#define GAINSAY_INPUT_MEMBERS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "input/source.h"
#include "input/stream.h"

namespace gainsay {

struct Member {
  std::string name;  // of the source, and for one of an archive "a.zip!logs/b.log"
  // What to read, valid until the next Next(); or why it can't be: it is encrypted, or an archive itself.
  absl::StatusOr<std::unique_ptr<ByteStream>> stream;
  // Not empty: why it is not worth reading ("holds no text": a picture, a program), which is told. There may
  // be no stream then.
  std::string passed_over;
};

class Members {
 public:
  virtual ~Members() = default;

  // The next one, or none at the end. An error, which comes last, means that the archive is cut here, or was
  // damaged before: members are lost. A cut is told once: after a member's own stream told it, none comes.
  virtual absl::StatusOr<std::optional<Member>> Next() = 0;

  // True if reading means unpacking, which is worth a thread of its own.
  virtual bool packed() const = 0;
  // True if the members are an archive's: there may be any number of them.
  virtual bool is_archive() const = 0;
};

// Opens a source. Of an archive's members only those are read that `filter` lets through: where it includes
// by pattern, a member must match by its path or last component, unless the archive itself does. Errors:
// those of OpenStream; Unimplemented for a format that gainsay was built without.
absl::StatusOr<std::unique_ptr<Members>> OpenSource(const Source& source, const PathFilter& filter);

// The same over any stream, read front to back (tests).
absl::StatusOr<std::unique_ptr<Members>> OpenMembers(const std::string& name, std::unique_ptr<ByteStream> raw,
                                                     const PathFilter& filter);

// The stream of a member that its archive reads: `read` is ByteStream::Read.
std::unique_ptr<ByteStream> MemberStream(std::function<absl::StatusOr<size_t>(char*, size_t)> read,
                                         std::optional<int64_t> mtime_ns);

// One stream as it is.
std::unique_ptr<Members> OnlyMember(std::string name, std::unique_ptr<ByteStream> stream,
                                    bool packed = false);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_MEMBERS_H_
