// The files that a log was rotated to: "app.log" becomes "app.log.1", "app.log-20260531" or
// "app-2026-05-31.log". For the other files of this room.
#ifndef GAINSAY_INPUT_ROTATED_H_
#define GAINSAY_INPUT_ROTATED_H_

#include <sys/stat.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gainsay {

// A file, told from all others that there were or will be under its number: a number is used again once its
// file is gone.
struct FileKey {
  uint64_t device = 0, inode = 0;
  int64_t born_ns = 0;  // 0 where the file system doesn't say
  auto operator<=>(const FileKey&) const = default;
};

struct FileInfo {
  FileKey key;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  bool regular = false;
};
// False with errno set. An empty path: of the descriptor itself.
bool StatFile(int directory_or_file, const std::string& path, FileInfo* info);

struct RotatedFile {
  std::string path;
  FileInfo info;
};

// What `name` says beyond the name of its log: "1", "20260531", "2026-05-31_12"; "" if it is no rotated file
// of that log, or is packed: what was packed was rotated before.
std::string_view RotationOf(std::string_view log_name, std::string_view name);

// The rotated files beside `log_path`, oldest first: by when they were last written, of several at once by
// what their names say (".2" is older than ".1", a date older than a later one).
std::vector<RotatedFile> RotatedFiles(const std::string& log_path);
// The file with this number in the directory of `log_path`, whatever its name; "" if there is none.
std::string FindByInode(const std::string& log_path, uint64_t inode);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_ROTATED_H_
