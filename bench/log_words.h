// What the tasks of a generated log say: applications' chatter, wordings of lost writes, stores' own texts
// (as the stores' sources have them), statements of recovery, and lines that only look like these.
//
// In a wording, {n} stands for a document's number, {role} for primary or secondary, {coll} for a collection.
#ifndef GAINSAY_BENCH_LOG_WORDS_H_
#define GAINSAY_BENCH_LOG_WORDS_H_

#include <array>
#include <string>
#include <string_view>

namespace gainsay {

extern const std::array<const char*, 6> kTaskNames;
extern const std::array<const char*, 4> kCollections;
extern const std::array<const char*, 24> kApplicationLines;  // of a task; none gives an event
extern const std::array<const char*, 6> kServerLines;        // of no task
extern const std::array<const char*, 5> kRoleErrors;         // a write was lost; names its role
extern const std::array<const char*, 7> kPlainErrors;        // the same without a role
extern const std::array<const char*, 30> kStoreTexts;        // why: goes behind the former
extern const std::array<const char*, 3> kReadErrors;         // at ERROR, but nothing was written
extern const std::array<const char*, 3> kPostponed;          // at WARNING, but still to be done
extern const std::array<const char*, 3> kRoleRecoveries;
extern const std::array<const char*, 3> kPlainRecoveries;
extern const std::array<const char*, 5> kQuotes;  // at INFO: {quote} is somebody else's error
extern const std::array<const char*, 6> kReturnValues;
extern const std::array<const char*, 4> kExceptions;

struct Names {
  std::string_view number, role, collection, quote;
};
std::string Fill(std::string_view wording, const Names& names);

}  // namespace gainsay

#endif  // GAINSAY_BENCH_LOG_WORDS_H_
