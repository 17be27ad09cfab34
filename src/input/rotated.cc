#include "input/rotated.h"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <memory>

namespace gainsay {
namespace {

struct SplitPath {
  std::string directory, name;  // the directory with its last slash, or ""
};

SplitPath Split(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {"", path};
  return {path.substr(0, slash + 1), path.substr(slash + 1)};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Digits and what parts them.
bool IsMark(std::string_view text) {
  return !text.empty() && IsDigit(text.front()) && IsDigit(text.back()) &&
         text.find_first_not_of("0123456789-._:T") == std::string_view::npos;
}

// A number up to five digits counts rotations; more are a date or a time.
bool IsCount(std::string_view mark) {
  return mark.size() <= 5 && std::all_of(mark.begin(), mark.end(), IsDigit);
}

// As people sort them: "9" before "10".
bool LessByNumbers(std::string_view a, std::string_view b) {
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (IsDigit(a[i]) && IsDigit(b[j])) {
      size_t a_end = i, b_end = j;
      while (a_end < a.size() && IsDigit(a[a_end])) ++a_end;
      while (b_end < b.size() && IsDigit(b[b_end])) ++b_end;
      while (i < a_end && a[i] == '0') ++i;
      while (j < b_end && b[j] == '0') ++j;
      if (a_end - i != b_end - j) return a_end - i < b_end - j;
      if (const int order = a.substr(i, a_end - i).compare(b.substr(j, b_end - j)); order != 0)
        return order < 0;
      i = a_end;
      j = b_end;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

bool OlderMark(std::string_view a, std::string_view b) {
  if (IsCount(a) != IsCount(b)) return IsCount(b);
  return IsCount(a) ? LessByNumbers(b, a) : LessByNumbers(a, b);
}

std::vector<std::string> NamesIn(const std::string& directory) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(directory.empty() ? "." : directory.c_str()),
                                                    closedir);
  if (entries == nullptr) return names;
  while (const dirent* entry = readdir(entries.get())) names.emplace_back(entry->d_name);
  return names;
}

}  // namespace

bool StatFile(int directory_or_file, const std::string& path, FileInfo* info) {
  struct statx found;
  const int flags = path.empty() ? AT_EMPTY_PATH : 0;
  if (statx(directory_or_file, path.c_str(), flags, STATX_BASIC_STATS | STATX_BTIME, &found) != 0)
    return false;
  const auto ns = [](const statx_timestamp& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; };
  info->key.device = (uint64_t{found.stx_dev_major} << 32) | found.stx_dev_minor;
  info->key.inode = found.stx_ino;
  info->key.born_ns = (found.stx_mask & STATX_BTIME) != 0 ? ns(found.stx_btime) : 0;
  info->size = found.stx_size;
  info->mtime_ns = ns(found.stx_mtime);
  info->regular = S_ISREG(found.stx_mode);
  return true;
}

std::string_view RotationOf(std::string_view log_name, std::string_view name) {
  const auto parted = [](std::string_view text) {
    return !text.empty() && (text[0] == '.' || text[0] == '-' || text[0] == '_');
  };
  if (name.size() > log_name.size() && name.starts_with(log_name)) {
    const std::string_view rest = name.substr(log_name.size());
    return parted(rest) && IsMark(rest.substr(1)) ? rest.substr(1) : "";
  }
  const size_t dot = log_name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return "";
  const std::string_view stem = log_name.substr(0, dot), extension = log_name.substr(dot);
  if (name.size() <= log_name.size() || !name.starts_with(stem) || !name.ends_with(extension)) return "";
  const std::string_view rest = name.substr(dot, name.size() - log_name.size());
  return parted(rest) && IsMark(rest.substr(1)) ? rest.substr(1) : "";
}

std::vector<RotatedFile> RotatedFiles(const std::string& log_path) {
  const SplitPath log = Split(log_path);
  std::vector<RotatedFile> files;
  for (const std::string& name : NamesIn(log.directory)) {
    if (RotationOf(log.name, name).empty()) continue;
    RotatedFile file{log.directory + name, {}};
    if (StatFile(AT_FDCWD, file.path, &file.info) && file.info.regular) files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(), [&](const RotatedFile& a, const RotatedFile& b) {
    if (a.info.mtime_ns != b.info.mtime_ns) return a.info.mtime_ns < b.info.mtime_ns;
    const std::string_view a_name = std::string_view(a.path).substr(log.directory.size());
    const std::string_view b_name = std::string_view(b.path).substr(log.directory.size());
    return OlderMark(RotationOf(log.name, a_name), RotationOf(log.name, b_name));
  });
  return files;
}

std::string FindByInode(const std::string& log_path, uint64_t inode) {
  const SplitPath log = Split(log_path);
  for (const std::string& name : NamesIn(log.directory)) {
    FileInfo info;
    if (!StatFile(AT_FDCWD, log.directory + name, &info) || !info.regular) continue;
    if (info.key.inode == inode) return log.directory + name;
  }
  return "";
}

}  // namespace gainsay
