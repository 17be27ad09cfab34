// Unpacking beside the analysis: what a source holds, read on a thread of its own, a few blocks ahead.
#ifndef GAINSAY_PIPELINE_READ_AHEAD_H_
#define GAINSAY_PIPELINE_READ_AHEAD_H_

#include <memory>

#include "input/members.h"

namespace gainsay {

struct ScanStats;

// Gives what `members` gives: the same names, bytes and errors, in the same order. Destroying it ends the
// thread, once the read at hand has returned. `stats`, if not null, is told of the time that reading takes.
std::unique_ptr<Members> ReadAhead(std::unique_ptr<Members> members, ScanStats* stats = nullptr);

}  // namespace gainsay

#endif  // GAINSAY_PIPELINE_READ_AHEAD_H_
