#include "report/location.h"

#include <algorithm>
#include <vector>

#include "report/escape.h"

namespace gainsay {
namespace {

// Takes the last component back, unless a member of an archive begins in it: "a.zip!.." is no directory.
void GoUp(std::vector<std::string_view>* parts) {
  if (!parts->empty() && parts->back().find('!') == std::string_view::npos) parts->pop_back();
}

void AppendParts(std::string_view path, std::vector<std::string_view>* parts) {
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (part == "..") {
      GoUp(parts);
    } else if (!part.empty() && part != ".") {
      parts->push_back(part);
    }
  }
}

}  // namespace

std::string RelativePath(std::string_view source, std::string_view directory) {
  if (source == "-") return "stdin";
  std::vector<std::string_view> base, parts;
  AppendParts(directory, &base);
  if (!source.starts_with('/')) parts = base;
  AppendParts(source, &parts);
  const bool below = parts.size() > base.size() && std::equal(base.begin(), base.end(), parts.begin());
  std::string path;
  for (size_t i = below ? base.size() : 0; i < parts.size(); ++i) {
    path.append(path.empty() ? "" : "/").append(parts[i]);
  }
  return path.empty() || source.empty() ? "unknown" : EscapeText(path);
}

std::string PathAsUri(std::string_view path) {
  constexpr std::string_view kMayStand =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!";
  std::string uri;
  for (const char c : path) {
    if (kMayStand.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      const auto byte = static_cast<uint8_t>(c);
      uri.append("%").append(1, "0123456789ABCDEF"[byte >> 4]).append(1, "0123456789ABCDEF"[byte & 15]);
    }
  }
  return uri;
}

uint64_t LineNumber(uint64_t line) { return std::clamp<uint64_t>(line, 1, INT32_MAX); }

}  // namespace gainsay
