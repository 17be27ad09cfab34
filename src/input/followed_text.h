// One file that is being followed, and how far it was read. For the other files of this room.
#ifndef GAINSAY_INPUT_FOLLOWED_TEXT_H_
#define GAINSAY_INPUT_FOLLOWED_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "input/rotated.h"

namespace gainsay {

// Owns its descriptor. What was read of the file's head, and right before the offset, is kept to tell whether
// the file still is what it was.
class FollowedText {
 public:
  FollowedText() = default;
  ~FollowedText();
  FollowedText(FollowedText&& other) noexcept { *this = std::move(other); }
  FollowedText& operator=(FollowedText&& other) noexcept;

  // From its start. None with errno set; EINVAL if it is no regular file.
  static std::optional<FollowedText> Open(const std::string& path);

  bool open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  const FileKey& key() const { return key_; }
  uint64_t offset() const { return offset_; }
  uint64_t line() const { return line_; }
  std::optional<FileInfo> Info() const;

  // Up to `capacity` bytes from the offset on, which stays; 0 at the end, below zero for an error.
  int64_t Peek(char* buffer, size_t capacity) const;
  // The bytes that Peek gave were used.
  void Advance(std::string_view bytes);
  // False if it was cut down or written anew since.
  bool Unchanged() const;

  // What stands at its head is part of its identity before any of it is used.
  void TakeHead();
  // "device:inode:bytes:digest:offset:digest", of the head and of what stands before the offset.
  std::string Identity() const;
  // The inode that an identity names, 0 if it is none.
  static uint64_t InodeOf(const std::string& identity);
  // Goes to a position of the text with this identity. False if this file is not that text, or the position
  // no start of a line in it. Whether the inode is the same is not asked.
  bool SeekTo(const std::string& identity, uint64_t offset, uint64_t line);
  // Whether this file and another, of which these are the first bytes, may be copies of each other.
  bool BeginsLike(std::string_view bytes) const;
  // Goes to where `other` is, if this file is a copy of it; to the end, if it is one but shorter.
  bool SeekLike(const FollowedText& other);

 private:
  std::string BytesAt(uint64_t offset, size_t size) const;
  void Place(uint64_t offset, uint64_t line, size_t least_head);

  int fd_ = -1;
  FileKey key_;
  uint64_t offset_ = 0, line_ = 1;
  std::string head_, before_;  // the first bytes, the last ones before the offset
};

}  // namespace gainsay

#endif  // GAINSAY_INPUT_FOLLOWED_TEXT_H_
