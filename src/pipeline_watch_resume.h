// A pipe that journalctl fills, after a restart: the entry that was used last is looked for among those that
// come, so that nothing is used twice, and a gap is known where it does not come.
//
//   EntrySearch entry(cursor);
//   while (entry.wanted()) rest = entry.Take(bytes);     // then: why(), and what to read on with
//
// Thread rules: one value, one thread.
#ifndef GAINSAY_PIPELINE_WATCH_RESUME_H_
#define GAINSAY_PIPELINE_WATCH_RESUME_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace gainsay {

class EntrySearch {
 public:
  EntrySearch() = default;  // for nothing
  explicit EntrySearch(std::string cursor) : cursor_(std::move(cursor)), wanted_(!cursor_.empty()) {}

  bool wanted() const { return wanted_; }
  // As long as it is wanted: the next bytes. Of these and those before, what follows the entry, or begins
  // with the first one that can't come before it. "" while it is still wanted.
  std::string Take(std::string_view bytes);
  // Nothing more comes: what is held of a line that has not ended.
  std::string Rest();

  const std::string& cursor() const { return cursor_; }
  uint64_t passed_over() const { return passed_over_; }  // entries, the one that was looked for included
  const std::string& why() const { return why_; }        // "", or why what follows may not follow

 private:
  std::string cursor_, held_, why_;
  bool wanted_ = false;
  uint64_t passed_over_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_WATCH_RESUME_H_
