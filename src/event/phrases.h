// The fixed phrases of log messages about writes, as Tokens::Match reads them.
// Thread rules: a free function without state.
#ifndef GAINSAY_EVENT_PHRASES_H_
#define GAINSAY_EVENT_PHRASES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gainsay {

enum class PhraseList : uint8_t {
  kFailedTo,
  kCounterOverAPeriod,
  kNothingLost,
  kWentWellAfterAll,
  kWillRetry,
  kWillNotRetry,
  kGaveUp,
  kFailed,
  kParked
};
inline constexpr size_t kPhraseListCount = 9;

std::span<const std::string_view> PhrasesOf(PhraseList list);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_PHRASES_H_
