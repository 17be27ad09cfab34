// What a build prints: names of tests and files, commands, sums of test runs. Words in them tell of nothing
// that happened. Thread rules: a free function without state.
#ifndef GAINSAY_EVENT_BUILD_OUTPUT_H_
#define GAINSAY_EVENT_BUILD_OUTPUT_H_

#include <string_view>

#include "event/event.h"
#include "event/matcher.h"

namespace gainsay {

// Whether a write error that the words of a line were taken for is only build output: a test's name and
// result
// ("test_write_failed PASSED"), a file's name ("write_errors.py 17 3 82%"), a command ("+ grep 'write
// failed'"). A line with a level or a known cause is what it says, unless it is a test's result or a command.
bool IsBuildOutput(const Event& error, const Matcher& matcher);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_BUILD_OUTPUT_H_
