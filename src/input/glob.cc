// The pattern becomes a row of steps, and a path is read once, byte by byte, with the set of
// steps that may come next (a Thompson automaton). The work is at most steps times bytes,
// whatever the pattern; the usual backtracking is exponential in the number of stars.
#include "input/glob.h"

#include <optional>

namespace gainsay {
namespace {

using Bytes = std::bitset<256>;

unsigned char Byte(char c) { return static_cast<unsigned char>(c); }

Bytes Only(char c) {
  Bytes bytes;
  bytes.set(Byte(c));
  return bytes;
}

Bytes NoSlash() { return ~Only('/'); }

// The class that begins behind the '[' at `*at`; moves `*at` behind its ']'. None if it has no end.
std::optional<Bytes> ParseClass(std::string_view pattern, size_t* at) {
  size_t i = *at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  Bytes bytes;
  for (const size_t first = i; i < pattern.size(); ++i) {
    if (pattern[i] == ']' && i != first) {
      *at = i + 1;
      return (negated ? ~bytes : bytes) & NoSlash();
    }
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    size_t last = i;
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') last = i + 2;
    for (size_t b = Byte(pattern[i]); b <= Byte(pattern[last]); ++b) bytes.set(b);
    i = last;
  }
  return std::nullopt;
}

}  // namespace

Glob::Glob(std::string_view pattern) {
  size_t i = 0;
  while (i < pattern.size()) {
    const char c = pattern[i];
    if (c == '*') {
      const size_t begin = i;
      while (i < pattern.size() && pattern[i] == '*') ++i;
      const bool component = begin == 0 || pattern[begin - 1] == '/';
      if (i - begin == 1) {
        steps_.push_back({Kind::kStar, {}});
      } else if (component && i < pattern.size() && pattern[i] == '/') {
        steps_.push_back({Kind::kDirectories, {}});
        ++i;
      } else {
        steps_.push_back({Kind::kAny, {}});
      }
      continue;
    }
    std::optional<Bytes> bytes;
    if (c == '[') bytes = ParseClass(pattern, &i);
    if (!bytes) {
      if (c == '\\' && i + 1 < pattern.size()) ++i;
      bytes = c == '?' ? NoSlash() : Only(pattern[i]);
      ++i;
    }
    steps_.push_back({Kind::kOne, *bytes});
  }
}

void Glob::Reach(size_t step, Reached* reached) const {
  // Everything but kOne may stand for nothing.
  for (; !(*reached)[step]; ++step) {
    (*reached)[step] = true;
    if (step == steps_.size() || steps_[step].kind == Kind::kOne) return;
  }
}

void Glob::Advance(size_t step, unsigned char byte, Reached* reached) const {
  switch (steps_[step].kind) {
    case Kind::kOne:
      if (steps_[step].bytes[byte]) Reach(step + 1, reached);
      break;
    case Kind::kStar:
      if (byte != '/') Reach(step, reached);
      break;
    case Kind::kAny:
      Reach(step, reached);
      break;
    case Kind::kDirectories:
      // Left again only behind a '/': so no Reach(step), which would also leave it here.
      if (byte == '/') Reach(step + 1, reached);
      (*reached)[step] = true;
      break;
  }
}

bool Glob::Matches(std::string_view path) const {
  Reached now(steps_.size() + 1), next(steps_.size() + 1);
  Reach(0, &now);
  for (const char c : path) {
    next.assign(next.size(), false);
    // In order, because of kDirectories: its bare mark must not stop the Reach of a step before it.
    for (size_t step = 0; step < steps_.size(); ++step) {
      if (now[step]) Advance(step, Byte(c), &next);
    }
    now.swap(next);
  }
  return now[steps_.size()];
}

bool HasGlobCharacter(std::string_view text) { return text.find_first_of("*?[") != std::string_view::npos; }

}  // namespace gainsay
