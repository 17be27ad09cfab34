// A directory that is gone when the test is over.
#ifndef GAINSAY_TESTS_TEMPORARY_DIRECTORY_H_
#define GAINSAY_TESTS_TEMPORARY_DIRECTORY_H_

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace gainsay {

class TemporaryDirectory {
 public:
  // In memory, where that is possible: for what writes and syncs very often. All that come later are as well.
  static TemporaryDirectory InMemory() {
    if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
    return TemporaryDirectory();
  }

  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "gainsay_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string path() const { return path_; }
  std::string At(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string Contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void Put(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace gainsay

#endif  // GAINSAY_TESTS_TEMPORARY_DIRECTORY_H_
