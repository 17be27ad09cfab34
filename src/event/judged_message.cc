// Why values may be left out: a judgement hangs on what kinds of characters stand where, on the words that
// are known, and on which numbers are 0 (and, of two with a slash between them, on which is larger). No known
// word is an id of digits and the letters a to f, and no separator begins or ends within one. So numbers that
// are not 0 may have other digits, where no slash is about, and such ids may have other digits and letters,
// as long as each has both and as many characters.
#include "event/judged_message.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace gainsay {
namespace {

constexpr size_t kShortestNumber = 2, kShortestId = 4;

enum : uint8_t { kDigit = 1, kZero = 2, kIdLetter = 4, kOther = 8 };

// What may be part of a name, by its kind; 0: what may not.
constexpr std::array<uint8_t, 256> kKinds = [] {
  std::array<uint8_t, 256> kinds = {};
  for (size_t c = '1'; c <= '9'; ++c) kinds[c] = kDigit;
  for (size_t c = 'a'; c <= 'z'; ++c) kinds[c] = c <= 'f' ? kIdLetter : kOther;
  for (size_t c = 'A'; c <= 'Z'; ++c) kinds[c] = kOther;
  for (size_t c = 0x80; c < 0x100; ++c) kinds[c] = kOther;
  kinds['0'] = kZero;
  kinds['_'] = kinds['.'] = kinds['\''] = kOther;
  return kinds;
}();

uint8_t KindOf(char c) { return kKinds[static_cast<unsigned char>(c)]; }

}  // namespace

void WithoutValues(std::string_view message, char* out) {
  std::memcpy(out, message.data(), message.size());
  const bool has_slash = message.find('/') != std::string_view::npos;
  for (size_t at = 0; at < message.size(); ++at) {
    const size_t begin = at;
    uint8_t kinds = 0;
    for (; at < message.size() && KindOf(message[at]) != 0; ++at) kinds |= KindOf(message[at]);
    const size_t size = at - begin;
    if (kinds == 0 || (kinds & kOther) != 0 || (kinds & (kDigit | kZero)) == 0) continue;
    if ((kinds & kIdLetter) != 0) {
      if (size < kShortestId) continue;
      out[begin] = 'a';
      std::fill(out + begin + 1, out + at, '0');
    } else if ((kinds & kDigit) != 0 && size >= kShortestNumber && !has_slash) {
      std::fill(out + begin, out + at, '1');
    }
  }
}

JudgedMessage JudgeMessage(std::string_view message, size_t cause_begin) {
  JudgedMessage judged;
  judged.operation = OperationText(message, cause_begin);
  judged.judgement = Judge(judged.operation);
  if (judged.operation.size() == message.size()) return judged;
  // What makes a message harmless, partial or unfinished may stand anywhere in it.
  Judgement& own = judged.judgement;
  const Judgement whole = Judge(message);
  own.harmless = own.harmless || whole.harmless;
  if (own.operation == Operation::kUnknown && whole.partial) own.operation = whole.operation;
  own.partial = own.partial || whole.partial;
  own.will_retry = own.will_retry || whole.will_retry;
  return judged;
}

JudgedMessage JudgedMessages::Of(std::string_view message, size_t cause_begin) {
  const auto may_be_value = [message](size_t at) {
    return KindOf(message[at]) != 0 && (KindOf(message[at]) & kOther) == 0;
  };
  const bool in_value = cause_begin > 0 && cause_begin < message.size() && may_be_value(cause_begin - 1) &&
                        may_be_value(cause_begin);
  if (message.empty() || message.size() > kMaxText || in_value) return JudgeMessage(message, cause_begin);
  key_.resize(message.size() + sizeof cause_begin);
  WithoutValues(message, key_.data());
  std::memcpy(key_.data() + message.size(), &cause_begin, sizeof cause_begin);
  if (const auto at = known_.find(key_); at != known_.end()) {
    const Known& known = at->second;
    return {message.substr(known.operation_begin, known.operation_size), known.judgement};
  }
  const JudgedMessage judged = JudgeMessage(message, cause_begin);
  if (known_.size() == kMost) known_.clear();
  Known& known = known_[key_];
  known.operation_size = judged.operation.size();
  if (known.operation_size > 0) {
    known.operation_begin = static_cast<size_t>(judged.operation.data() - message.data());
  }
  known.judgement = judged.judgement;
  return judged;
}

}  // namespace gainsay
