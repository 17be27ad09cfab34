// Notices, and what became of those that a child wrote down. For tests of receivers.
#ifndef GAINSAY_TESTS_NOTICES_H_
#define GAINSAY_TESTS_NOTICES_H_

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "watch/receiver.h"

namespace gainsay {

inline Notice Of(int i, bool new_cause = false) {
  return {std::to_string(i), "{\"n\":" + std::to_string(i) + "}", new_cause};
}

inline std::string Read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::string Fresh(const std::string& name) {
  const std::string path = testing::TempDir() + "gainsay_notify_" + std::to_string(getpid()) + "_" + name;
  std::filesystem::remove(path);
  return path;
}

inline void ExpectNoChildren() {
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace gainsay

#endif  // GAINSAY_TESTS_NOTICES_H_
