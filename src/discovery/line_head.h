// What lines begin with before the message: a time, a level, a worker's name; where no known
// format takes it, a `[[text]]` format that does.
//
//   LineHeads heads(zone);
//   heads.Add(record);             // for each record
//   heads.Propose(&proposal);
//
// Owns its text. Thread rules: one object, one thread.
#ifndef GAINSAY_DISCOVERY_LINE_HEAD_H_
#define GAINSAY_DISCOVERY_LINE_HEAD_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "discovery/proposal.h"
#include "record/record.h"

namespace gainsay {

class LineHeads {
 public:
  static constexpr size_t kMaxHeads = 256;  // different ones; later ones are not looked at

  explicit LineHeads(Zone zone) : zone_(zone) {}
  void Add(const Record& record);
  void Propose(Proposal* proposal) const;

 private:
  struct Head {
    uint64_t count = 0;
    std::vector<ProposedExample> examples;
  };

  Zone zone_;
  uint64_t records_ = 0;
  std::map<std::string, Head> heads_;  // by pattern
};

}  // namespace gainsay

#endif  // GAINSAY_DISCOVERY_LINE_HEAD_H_
