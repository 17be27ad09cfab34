#include "event/alternatives.h"

#include <algorithm>

#include "rule/regex_groups.h"

namespace gainsay {
namespace {

// The size of "(?i)" at `at`, up to its bracket or colon; 0 if there are no flags. Not those that name a
// group.
size_t FlagsSize(std::string_view regex, size_t at) {
  if (!regex.substr(at).starts_with("(?")) return 0;
  const size_t end = regex.find_first_not_of("imsU-", at + 2);
  return end != std::string_view::npos && (regex[end] == ')' || regex[end] == ':') ? end - at + 1 : 0;
}

// A list of alternatives at its top, as far as flags allow.
struct Top {
  std::vector<size_t> borders;                  // between them
  size_t first_close = std::string_view::npos;  // of the group that the regex begins with
  bool is_plain = true;                         // no flags are set but at the begin of an alternative
};

Top TopOf(std::string_view regex) {
  Top top;
  int depth = 0;
  size_t begin = 0;
  WalkGroups(regex, 0, [&](size_t at) {
    const size_t flags = regex[at] == '(' ? FlagsSize(regex, at) : 0;
    if (depth == 0 && flags > 0 && regex[at + flags - 1] == ')' && at != begin) top.is_plain = false;
    if (depth == 0 && flags > 0 && at == begin && regex[at + flags - 1] == ')') begin = at + flags;
    depth += regex[at] == '(' ? 1 : regex[at] == ')' ? -1 : 0;
    if (depth == 0 && regex[at] == ')' && top.first_close == std::string_view::npos) top.first_close = at;
    if (depth == 0 && regex[at] == '|') {
      top.borders.push_back(at);
      begin = at + 1;
    }
    return depth >= 0;
  });
  return top;
}

void Split(std::string_view regex, std::string flags, std::vector<Alternative>* alternatives) {
  const Top top = TopOf(regex);
  if (!top.is_plain) {
    alternatives->push_back({flags, std::string(regex)});
    return;
  }
  if (top.borders.empty()) {
    const size_t size = FlagsSize(regex, 0);
    const bool sets = size > 0 && regex[size - 1] == ')';
    if (sets) return Split(regex.substr(size), flags + std::string(regex.substr(0, size)), alternatives);
    if (size == 0 || top.first_close + 1 != regex.size()) {
      alternatives->push_back({flags, std::string(regex)});
      return;
    }
    if (size > 3) flags += std::string(regex.substr(0, size - 1)) + ")";
    return Split(regex.substr(size, regex.size() - size - 1), flags, alternatives);
  }
  size_t begin = 0;
  for (size_t i = 0; i <= top.borders.size(); ++i) {
    const size_t end = i < top.borders.size() ? top.borders[i] : regex.size();
    std::string_view part = regex.substr(begin, end - begin);
    // Flags hold for all that follows.
    for (size_t size = FlagsSize(part, 0); size > 0 && part[size - 1] == ')'; size = FlagsSize(part, 0)) {
      flags += part.substr(0, size);
      part.remove_prefix(size);
    }
    Split(part, flags, alternatives);
    begin = end + 1;
  }
}

}  // namespace

std::vector<Alternative> SplitAlternatives(std::string_view regex) {
  std::vector<Alternative> alternatives;
  if (regex.find("\\Q") != std::string_view::npos) {
    alternatives.push_back({"", std::string(regex)});
  } else {
    Split(regex, "", &alternatives);
  }
  return alternatives;
}

}  // namespace gainsay
