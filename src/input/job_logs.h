// A log archive of GitHub Actions holds each job twice: "0_build.txt" is the whole, "build/1_Set up job.txt"
// and so on are its steps. Read twice, every lost write would be two. What comes first is read. For the other
// files of this room.
#ifndef GAINSAY_INPUT_JOB_LOGS_H_
#define GAINSAY_INPUT_JOB_LOGS_H_

#include <set>
#include <string>
#include <string_view>

namespace gainsay {

class JobLogs {
 public:
  // True if what the member at `path` holds was in members asked about before.
  bool Repeats(std::string_view path);

 private:
  std::set<std::string, std::less<>> whole_, steps_;  // names of jobs
};

}  // namespace gainsay

#endif  // GAINSAY_INPUT_JOB_LOGS_H_
