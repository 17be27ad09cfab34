#include "input/found_files.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/time/clock.h"
#include "input/source.h"

namespace gainsay {
namespace {

constexpr absl::Duration kLookEvery = absl::Seconds(1);
constexpr int64_t kRestingParts = 20;  // of the time, one part may go into looking
constexpr absl::Duration kDoubt = absl::Seconds(10);

bool IsPacked(std::string_view path) {
  constexpr std::array<std::string_view, 7> kEndings = {".gz", ".zst", ".xz", ".bz2", ".lz4", ".zip", ".tgz"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [path](std::string_view ending) { return path.ends_with(ending); });
}

bool IsRotationOf(std::string_view log, std::string_view path) {
  const size_t in_log = log.rfind('/') + 1, in_path = path.rfind('/') + 1;  // npos + 1 is 0
  return log.substr(0, in_log) == path.substr(0, in_path) &&
         !RotationOf(log.substr(in_log), path.substr(in_path)).empty();
}

}  // namespace

FoundFiles::FoundFiles(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {
  for (const std::string& pattern : patterns_) globs_.emplace_back(pattern);
}

bool FoundFiles::Match(std::string_view path) const {
  return std::any_of(globs_.begin(), globs_.end(), [path](const Glob& glob) { return glob.Matches(path); });
}

std::vector<std::string> FoundFiles::Find() const {
  std::vector<InputProblem> none;
  std::vector<std::string> paths;
  for (const Source& source : ExpandPaths(patterns_, {}, &none)) {
    if (!IsPacked(source.path)) paths.push_back(source.path);
  }
  return paths;
}

std::vector<std::string> FoundFiles::FindNew(const std::vector<std::string>& followed,
                                             const std::function<bool(const FileKey&)>& known) {
  const absl::Time now = absl::Now();
  const std::set<std::string> here(followed.begin(), followed.end());
  std::vector<std::string> fresh;
  std::map<std::string, absl::Time> doubtful;
  for (const std::string& path : Find()) {
    FileInfo info;
    if (here.count(path) > 0 || !StatFile(AT_FDCWD, path, &info) || !info.regular || known(info.key))
      continue;
    const bool rotated = std::any_of(followed.begin(), followed.end(),
                                     [&](const std::string& log) { return IsRotationOf(log, path); });
    const auto since = doubtful_.find(path);
    const absl::Time noticed = since == doubtful_.end() ? now : since->second;
    if (rotated && now - noticed < kDoubt) {
      doubtful[path] = noticed;
    } else {
      fresh.push_back(path);
    }
  }
  doubtful_ = std::move(doubtful);
  const absl::Time done = absl::Now();
  next_ = done + std::max(kLookEvery, kRestingParts * (done - now));
  return fresh;
}

}  // namespace gainsay
