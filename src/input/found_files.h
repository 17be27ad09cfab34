// Files that patterns find, as they come and go. For follow.cc.
#ifndef GAINSAY_INPUT_FOUND_FILES_H_
#define GAINSAY_INPUT_FOUND_FILES_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "input/glob.h"
#include "input/rotated.h"

namespace gainsay {

class FoundFiles {
 public:
  explicit FoundFiles(std::vector<std::string> patterns);

  bool Match(std::string_view path) const;

  // What is there, sorted. Packed files are none that one can follow.
  std::vector<std::string> Find() const;

  // Whether it is time to look once more.
  bool Due(absl::Time now) const { return !patterns_.empty() && now >= next_; }
  // Of what is there, what is not followed yet. `followed`: their paths; `known`: whether one of them reads
  // that file or has read it, under another name. What looks like a rotated file of one of them gets some
  // time to turn out as such: it may be a copy that was made right now.
  std::vector<std::string> FindNew(const std::vector<std::string>& followed,
                                   const std::function<bool(const FileKey&)>& known);

 private:
  const std::vector<std::string> patterns_;
  std::vector<Glob> globs_;
  std::map<std::string, absl::Time> doubtful_;  // since when
  absl::Time next_ = absl::InfinitePast();
};

}  // namespace gainsay

#endif  // GAINSAY_INPUT_FOUND_FILES_H_
