// Where log bytes come from: a path given on the command line becomes one or
// more sources, in a fixed order, each with the name that reports show.
//
//   std::vector<Source> sources = ExpandPaths({"logs/", "-"}, {}, &problems);
//
// Thread rules: plain values; free functions without shared state.
#ifndef GAINSAY_INPUT_SOURCE_H_
#define GAINSAY_INPUT_SOURCE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gainsay {

class ByteStream;
class PackedParts;

// One input of a scan. `name` is what reports print ("-" for stdin, the path
// as the user would type it otherwise); `path` is what gets opened.
struct Source {
  std::string name;
  std::string path;  // "-" is standard input
  // If set, the bytes that were taken from it, packed as they are, are added as they are; all of a file's by the
  // time that it is closed. Must outlive the reading.
  std::atomic<uint64_t>* taken = nullptr;
  // If set, makes the stream of a packed file whose parts can be unpacked apart; else it is unpacked front to
  // back.
  std::function<std::unique_ptr<ByteStream>(std::unique_ptr<PackedParts>)> unpack = nullptr;

  bool IsStdin() const { return path == "-"; }
};

// Shell-style patterns over the path and over its last component (`*`, `?`,
// `[a-z]`; `*` crosses no '/'; `**` does). With `include`, a file found in a
// directory or by a glob must match one of them; a file that matches any
// `exclude` is passed over. Files that the user named literally are always read.
struct PathFilter {
  std::vector<std::string> include;
  std::vector<std::string> exclude;
};

// A path that could not be used, and why ("no such file or directory").
struct InputProblem {
  std::string name;
  std::string message;
};

// Turns arguments into sources: "-" is stdin; a directory is walked
// recursively, its regular files sorted by path, hidden files (".x") left out;
// an argument that is no existing file but holds a glob character is expanded,
// sorted. The order of the arguments is kept; a file reached twice is read once.
// What can't be used goes to `problems` (never null), the rest is still returned.
std::vector<Source> ExpandPaths(const std::vector<std::string>& arguments,
                                const PathFilter& filter,
                                std::vector<InputProblem>* problems);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_SOURCE_H_
