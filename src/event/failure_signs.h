// What stands in every text that tells of a failure: for the prefilter, which sees to it that such a text is
// read.
// Thread rules: a free function without state.
#ifndef GAINSAY_EVENT_FAILURE_SIGNS_H_
#define GAINSAY_EVENT_FAILURE_SIGNS_H_

#include <string>
#include <vector>

namespace gainsay {

// One of several words, lower case and sorted, as a word of its own (event/tokens.h); if not `words`, one of
// several texts, anywhere.
struct SignPart {
  std::vector<std::string> any;
  bool words = true;
};
// All parts of one sign stand in a text of which Judge() says that something failed, was given up or went
// wrong in part.
using FailureSign = std::vector<SignPart>;
std::vector<FailureSign> FailureSigns();

}  // namespace gainsay

#endif  // GAINSAY_EVENT_FAILURE_SIGNS_H_
