// A file that is small enough to be held: a report or a baseline that is read back.
#ifndef GAINSAY_ANALYZER_REPORT_FILE_H_
#define GAINSAY_ANALYZER_REPORT_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "input/source.h"

namespace gainsay {

// All of it, unpacked. Errors begin with its name.
absl::StatusOr<std::string> ReadWhole(const Source& source);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_REPORT_FILE_H_
