#include "input/path_globs.h"

#include <algorithm>

namespace gainsay {
namespace {

std::string_view WithoutDot(std::string_view path) {
  while (path.size() > 2 && path.substr(0, 2) == "./") path.remove_prefix(2);
  return path;
}

}  // namespace

Globs::Globs(const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    const std::string_view text = WithoutDot(pattern);
    globs_.emplace_back(text);
    if (text.size() >= 3 && text.substr(text.size() - 3) == "/**") trees_.emplace_back(text);
  }
}

bool Globs::MatchFile(std::string_view path) const {
  path = WithoutDot(path);
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return std::any_of(globs_.begin(), globs_.end(),
                     [&](const Glob& glob) { return glob.Matches(path) || glob.Matches(name); });
}

bool Globs::MatchTree(std::string_view directory) const {
  std::string below(WithoutDot(directory));
  if (!below.empty() && below.back() != '/') below += '/';
  return std::any_of(trees_.begin(), trees_.end(), [&](const Glob& glob) { return glob.Matches(below); });
}

}  // namespace gainsay
