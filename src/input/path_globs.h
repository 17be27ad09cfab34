// A PathFilter, ready to be asked. For the other files of this room. Immutable; may be shared by threads.
#ifndef GAINSAY_INPUT_PATH_GLOBS_H_
#define GAINSAY_INPUT_PATH_GLOBS_H_

#include <string>
#include <string_view>
#include <vector>

#include "input/glob.h"
#include "input/source.h"

namespace gainsay {

// Patterns of which one must match the path or its last component. A "./" in front counts for nothing.
class Globs {
 public:
  explicit Globs(const std::vector<std::string>& patterns);

  bool empty() const { return globs_.empty(); }
  bool MatchFile(std::string_view path) const;
  // True if everything below the directory matches.
  bool MatchTree(std::string_view directory) const;

 private:
  std::vector<Glob> globs_;
  std::vector<Glob> trees_;  // those of them that end in "/**"
};

class PathGlobs {
 public:
  explicit PathGlobs(const PathFilter& filter) : include_(filter.include), exclude_(filter.exclude) {}

  // A file that was found, not named.
  bool WantsFile(std::string_view path) const {
    return (include_.empty() || include_.MatchFile(path)) && !exclude_.MatchFile(path);
  }
  bool PassesOverTree(std::string_view directory) const { return exclude_.MatchTree(directory); }

  // A member of an archive. One of an archive that is included by its own name needs no pattern of its own.
  bool WantsMember(std::string_view archive, std::string_view path) const {
    const std::string whole = std::string(archive) + "!" + std::string(path);
    const bool included = include_.empty() || include_.MatchFile(path) || include_.MatchFile(whole) ||
                          include_.MatchFile(archive);
    return included && !exclude_.MatchFile(path) && !exclude_.MatchFile(whole);
  }

 private:
  Globs include_, exclude_;
};

}  // namespace gainsay

#endif  // GAINSAY_INPUT_PATH_GLOBS_H_
