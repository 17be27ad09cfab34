// A path that is followed through rotation. For follow.cc.
#ifndef GAINSAY_INPUT_FOLLOWED_FILE_H_
#define GAINSAY_INPUT_FOLLOWED_FILE_H_

#include <optional>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "input/followed_text.h"
#include "input/live.h"

namespace gainsay {

class FollowedFile {
 public:
  explicit FollowedFile(std::string path);
  // Holds nothing but the path.
  static FollowedFile Closed(std::string path);

  // One of these, before the first Step: with what stands at the path, if anything does; or where an earlier
  // run left it.
  void Open();
  void Resume(const LivePosition& position);

  // What is there, kIdle if nothing is. The bytes are in `buffer`.
  LiveRead Step(char* buffer, size_t capacity);

  // Whether it reads, or has read, this file: as what stands at its path, or as what was rotated from there.
  bool Knows(const FileKey& key) const;
  // Nothing stands at its path, and all of what stood there was given.
  bool Gone() const;
  bool Deleted() const;  // what stood there has no name any more

  const std::string& path() const { return path_; }
  const FollowedText& text() const { return text_; }
  // Of the text that Step gave last, or begins with.
  std::string identity() const { return identity_.empty() ? text_.Identity() : identity_; }
  std::optional<int64_t> mtime_ns() const { return mtime_ns_; }

 private:
  FollowedFile() = default;
  std::optional<LiveRead> AtEnd();
  std::optional<LiveRead> AfterCut();
  std::optional<LiveRead> LateLines();
  bool FindResumed(const LivePosition& position);
  std::optional<RotatedFile> NextText(const FileInfo& at_path) const;
  bool GoBack(std::string_view head);
  std::optional<LiveRead> Leave(const RotatedFile& next);
  bool Begin(const RotatedFile& next);
  std::optional<LiveRead> Tell(const std::string& why);

  std::string path_;
  FollowedText text_;
  bool final_ = true;       // nothing more will be written to text_
  bool leaving_ = false;    // its successor has begun
  bool begun_ = false;      // bytes of it were given
  bool opened_ = false;     // it is what was opened in the beginning
  std::set<FileKey> seen_;  // rotated files that were read, or are older than what is
  std::string pending_gap_, told_;
  FollowedText left_;  // the text before this one, should somebody still write to it
  absl::Time left_at_;
  std::string identity_;
  std::optional<int64_t> mtime_ns_;
};

}  // namespace gainsay

#endif  // GAINSAY_INPUT_FOLLOWED_FILE_H_
