// The program as a process of its own, and what it wrote. For tests that kill it.
#ifndef GAINSAY_TESTS_WATCH_PROCESS_H_
#define GAINSAY_TESTS_WATCH_PROCESS_H_

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace gainsay {

using Words = std::vector<std::string>;

// How much of it is wanted, by the environment: GAINSAY_KILLS, GAINSAY_CALLS, GAINSAY_SEED.
inline uint64_t Wanted(const char* variable, uint64_t fallback) {
  const char* value = std::getenv(variable);
  return value == nullptr ? fallback : std::strtoull(value, nullptr, 10);
}

// The one that was built, unless GAINSAY_PROGRAM names another.
inline std::string Program() {
  const char* other = std::getenv("GAINSAY_PROGRAM");
  return other == nullptr ? GAINSAY_BINARY : other;
}

inline uint64_t BytesOf(const std::string& path) {
  std::error_code missing;
  const uint64_t bytes = std::filesystem::file_size(path, missing);
  return missing ? 0 : bytes;
}

// Standard output and error go to files that are appended to.
inline pid_t Start(const Words& words, const std::string& out, const std::string& err,
                   const std::string& in = "/dev/null") {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  const int from = open(in.c_str(), O_RDONLY);
  const int to = open(out.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
  const int errors = open(err.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
  dup2(from, 0);
  dup2(to, 1);
  dup2(errors, 2);
  execvp(argv[0], argv.data());
  _exit(127);
}

// The exit code, or minus the signal.
inline int End(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// What the lines say in the end: the verdict of each finding's id; and what was told twice.
struct Answer {
  std::map<std::string, std::string> verdicts;
  std::string twice;
  size_t updates = 0, gaps = 0, marks = 0;

  std::set<std::string> Contradictions() const {
    std::set<std::string> ids;
    for (const auto& [id, verdict] : verdicts) {
      if (verdict == "contradiction") ids.insert(id);
    }
    return ids;
  }
};

inline std::string Value(const std::string& line, const std::string& key) {
  const size_t at = line.find("\"" + key + "\":\"");
  if (at == std::string::npos) return "";
  const size_t from = at + key.size() + 4;
  return line.substr(from, line.find('"', from) - from);
}

// Of a file that is only appended to: what was read before need not be read again.
class Told {
 public:
  explicit Told(std::string path) : path_(std::move(path)) {}

  const Answer& Read() {
    std::ifstream in(path_);
    in.seekg(static_cast<std::streamoff>(read_));
    for (std::string line; std::getline(in, line) && !in.eof(); read_ += line.size() + 1) Take(line);
    return answer_;
  }

 private:
  void Take(const std::string& line) {
    const std::string type = Value(line, "type"), id = Value(line, "id");
    if (type == "finding" && !answer_.verdicts.emplace(id, "contradiction").second) answer_.twice += " " + id;
    if (type == "update") answer_.verdicts[id] = Value(line, "verdict");
    answer_.updates += type == "update";
    answer_.gaps += type == "gap";
    answer_.marks += type == "watermark";
  }

  const std::string path_;
  uint64_t read_ = 0;  // whole lines
  Answer answer_;
};

inline Answer Read(const std::string& path) { return Told(path).Read(); }

}  // namespace gainsay

#endif  // GAINSAY_TESTS_WATCH_PROCESS_H_
