// gzip but for the deflating: headers, members, padding between them, what follows them. The inflaters of
// ISA-L and zlib are gzip_isal.cc and gzip_zlib.cc.
#ifndef GAINSAY_INPUT_GZIP_H_
#define GAINSAY_INPUT_GZIP_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "input/decompressor.h"

namespace gainsay {

// Takes apart what stands between header and end of a member: deflated data, checksum and length.
class MemberInflater {
 public:
  enum class State { kMore, kEnd, kDamaged, kNoMemory };
  struct Progress {
    State state = State::kMore;
    size_t consumed = 0, produced = 0;
    std::string damage;  // kDamaged: what is wrong; what could be read before it has been handed out
  };

  virtual ~MemberInflater() = default;

  // Begins a member.
  virtual void Begin() = 0;
  // kMore with nothing produced and all consumed: it wants more input.
  virtual Progress Inflate(std::string_view in, char* out, size_t capacity) = 0;
};

std::unique_ptr<Decompressor> GzipStream(std::unique_ptr<ByteStream> raw,
                                         std::unique_ptr<MemberInflater> inflater, const PartAsked& asked);

}  // namespace gainsay

#endif  // GAINSAY_INPUT_GZIP_H_
