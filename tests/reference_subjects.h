// What the slow twin takes for subjects. DESIGN.md section 3, "Which task", sentences 4 and 6.
#ifndef GAINSAY_TESTS_REFERENCE_SUBJECTS_H_
#define GAINSAY_TESTS_REFERENCE_SUBJECTS_H_

#include <set>
#include <string>
#include <string_view>

#include "event/event.h"

namespace gainsay::reference {

// What a lifecycle record or a mention names: tokens of its arguments, message and id, without the id itself.
std::set<std::string> SubjectsNamedBy(const Event& lifecycle);

// Tokens found anywhere in a record, and the numbers behind their letters; of four characters and more.
std::set<std::string> WeakSubjectsOf(const Event& e);

// Tokens that may name an entity: three characters, a digit, and no decimal, time or version.
std::set<std::string> TokensOf(std::string_view text);

// Those long enough for an id.
std::set<std::string> LongTokensOf(std::string_view text);

}  // namespace gainsay::reference

#endif  // GAINSAY_TESTS_REFERENCE_SUBJECTS_H_
