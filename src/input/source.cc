// An argument that exists is taken as it is; one that does not, but could be a pattern, is
// expanded as a shell would do it. Both end in a sorted list of files, which the filter, and
// a set of the files seen before (device and inode), thin out. Walks keep their own stack and
// follow no symlinked directory, so neither depth nor a loop on disk can hurt.
#include "input/source.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <string_view>
#include <utility>

#include "input/glob.h"
#include "input/path_globs.h"

namespace gainsay {
namespace {

std::string Reason(int error) {
  std::string reason = std::strerror(error);
  if (reason.size() > 1 && reason[0] >= 'A' && reason[0] <= 'Z' && reason[1] >= 'a') reason[0] |= 0x20;
  return reason;
}

std::string Join(const std::string& directory, std::string_view name) {
  std::string path = directory;
  if (!path.empty() && path.back() != '/') path += '/';
  return path.append(name);
}

class Expander {
 public:
  Expander(const PathFilter& filter, std::vector<InputProblem>* problems)
      : globs_(filter), problems_(problems) {}

  void Add(const std::string& argument);
  std::vector<Source> TakeSources() { return std::move(sources_); }

 private:
  using Paths = std::vector<std::string>;

  void AddStdin();
  void AddPattern(const std::string& pattern);
  void AddFound(Paths files);
  void AddFile(const std::string& path, const struct stat& status);

  std::vector<std::string> Names(const std::string& directory, bool must_exist);
  void Walk(const std::string& root, Paths* files);
  void ExpandComponents(std::string base, std::string_view rest, Paths* found);
  void Problem(const std::string& name, std::string message) {
    problems_->push_back({name, std::move(message)});
  }

  PathGlobs globs_;
  std::vector<InputProblem>* problems_;
  std::vector<Source> sources_;
  std::set<std::pair<dev_t, ino_t>> seen_;
  bool stdin_seen_ = false;
};

void Expander::Add(const std::string& argument) {
  if (argument == "-") return AddStdin();
  struct stat status;
  if (stat(argument.c_str(), &status) != 0) {
    const int error = errno;
    const bool absent = error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
    if (absent && HasGlobCharacter(argument)) return AddPattern(argument);
    return Problem(argument, Reason(error == ENOTDIR ? ENOENT : error));
  }
  if (!S_ISDIR(status.st_mode)) return AddFile(argument, status);
  Paths files;
  Walk(argument, &files);
  AddFound(std::move(files));
}

void Expander::AddStdin() {
  if (std::exchange(stdin_seen_, true)) return;
  struct stat status;
  // A redirected file is the same file when it is named as well.
  if (fstat(0, &status) == 0) return AddFile("-", status);
  sources_.push_back({"-", "-"});
}

void Expander::AddPattern(const std::string& pattern) {
  Paths found;
  const size_t problems_before = problems_->size();
  if (pattern.find("**") == std::string::npos) {
    ExpandComponents("", pattern, &found);
  } else {
    const size_t first = pattern.find_first_of("*?[");
    const size_t slash = pattern.rfind('/', first);
    const std::string base = slash == std::string::npos ? "" : pattern.substr(0, slash + 1);
    Paths below;
    struct stat status;
    if (base.empty() || stat(base.c_str(), &status) == 0) Walk(base, &below);
    const Glob glob(pattern);
    std::copy_if(below.begin(), below.end(), std::back_inserter(found),
                 [&](const std::string& path) { return glob.Matches(path); });
  }
  if (found.empty() && problems_->size() == problems_before) Problem(pattern, "no file matches this pattern");
  AddFound(std::move(found));
}

void Expander::AddFound(Paths files) {
  std::sort(files.begin(), files.end());
  for (const std::string& path : files) {
    if (!globs_.WantsFile(path)) continue;
    struct stat status;
    if (stat(path.c_str(), &status) != 0) {
      Problem(path, Reason(errno));  // a symlink that leads nowhere, say
    } else if (S_ISREG(status.st_mode)) {
      AddFile(path, status);
    }
  }
}

void Expander::AddFile(const std::string& path, const struct stat& status) {
  if (seen_.emplace(status.st_dev, status.st_ino).second) sources_.push_back({path, path});
}

// What the directory holds, unsorted, without "." and "..". "" is the current directory.
std::vector<std::string> Expander::Names(const std::string& directory, bool must_exist) {
  std::vector<std::string> names;
  DIR* open = opendir(directory.empty() ? "." : directory.c_str());
  if (open == nullptr) {
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    if (must_exist || !absent) Problem(directory, Reason(errno));
    return names;
  }
  errno = 0;
  while (const dirent* entry = readdir(open)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  if (errno != 0) Problem(directory, Reason(errno));
  closedir(open);
  return names;
}

// All files (and symlinks, whatever they lead to) below a directory.
void Expander::Walk(const std::string& root, Paths* files) {
  Paths directories = {root};
  while (!directories.empty()) {
    const std::string directory = std::move(directories.back());
    directories.pop_back();
    for (const std::string& name : Names(directory, /*must_exist=*/true)) {
      if (name[0] == '.') continue;
      std::string path = Join(directory, name);
      struct stat status;
      if (lstat(path.c_str(), &status) != 0) {
        if (errno != ENOENT) Problem(path, Reason(errno));  // else: removed since it was listed
      } else if (S_ISDIR(status.st_mode)) {
        if (!globs_.PassesOverTree(path)) directories.push_back(std::move(path));
      } else if (S_ISREG(status.st_mode)) {
        files->push_back(std::move(path));
      } else if (S_ISLNK(status.st_mode)) {
        // One that leads to a directory is left alone; one that leads nowhere is a problem, later.
        if (stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode)) files->push_back(std::move(path));
      }
    }
  }
}

// A pattern without `**`, component by component as shells do it: symlinked directories are
// followed, hidden names need a '.' in the pattern, and a directory at its end is walked.
void Expander::ExpandComponents(std::string base, std::string_view rest, Paths* found) {
  std::string_view component = rest.substr(0, rest.find('/'));
  while (!HasGlobCharacter(component) && component.size() < rest.size()) {
    base.append(component).append("/");
    rest.remove_prefix(component.size() + 1);
    component = rest.substr(0, rest.find('/'));
  }
  const bool last = component.size() == rest.size();
  const auto take = [&](const std::string& path) {
    struct stat status;
    if (!last) {
      ExpandComponents(path + "/", rest.substr(component.size() + 1), found);
    } else if (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
      Walk(path, found);
    } else if (lstat(path.c_str(), &status) == 0) {
      found->push_back(path);
    }
  };
  if (!HasGlobCharacter(component)) return take(base + std::string(component));
  const Glob glob(component);
  for (const std::string& name : Names(base, /*must_exist=*/false)) {
    if (name[0] == '.' && component[0] != '.') continue;
    if (glob.Matches(name)) take(base + name);
  }
}

}  // namespace

std::vector<Source> ExpandPaths(const std::vector<std::string>& arguments, const PathFilter& filter,
                                std::vector<InputProblem>* problems) {
  Expander expander(filter, problems);
  for (const std::string& argument : arguments) expander.Add(argument);
  return expander.TakeSources();
}

}  // namespace gainsay
