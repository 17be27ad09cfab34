// Up to eight bytes of a literal, compared at once with those of a text, whatever the case of their letters.
//
// Thread rules: a plain value.
#ifndef GAINSAY_EVENT_CASELESS_BYTES_H_
#define GAINSAY_EVENT_CASELESS_BYTES_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gainsay {

class CaselessBytes {
 public:
  static constexpr size_t kMost = sizeof(uint64_t);

  CaselessBytes() = default;  // stands everywhere
  // The first kMost bytes of `literal`, or all; in lower case.
  explicit CaselessBytes(std::string_view literal) {
    std::array<char, kMost> text = {}, compared = {};
    for (size_t i = 0; i < std::min(literal.size(), kMost); ++i) {
      text[i] = literal[i];
      compared[i] = literal[i] >= 'a' && literal[i] <= 'z' ? '\xDF' : '\xFF';
    }
    text_ = std::bit_cast<uint64_t>(text);
    compared_ = std::bit_cast<uint64_t>(compared);
  }
  // kMost bytes are readable there.
  bool StandAt(const char* at) const {
    uint64_t found = 0;
    std::memcpy(&found, at, kMost);
    return ((found ^ text_) & compared_) == 0;
  }

 private:
  uint64_t text_ = 0, compared_ = 0;  // the bits that count: of a letter not that of its case
};

}  // namespace gainsay

#endif  // GAINSAY_EVENT_CASELESS_BYTES_H_
