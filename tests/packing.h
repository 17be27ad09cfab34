// Text packed by zlib and zstd themselves.
#ifndef GAINSAY_TESTS_PACKING_H_
#define GAINSAY_TESTS_PACKING_H_

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>
#include <string_view>
#include <vector>

namespace gainsay {

// A gzip member, flushed behind each part.
inline std::string Gzip(const std::vector<std::string>& parts, int level = 6) {
  z_stream z = {};
  deflateInit2(&z, level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed;
  for (size_t i = 0; i < parts.size(); ++i) {
    const size_t before = packed.size(), room = parts[i].size() * 2 + 1000;
    packed.resize(before + room);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(parts[i].data()));
    z.avail_in = static_cast<uInt>(parts[i].size());
    z.next_out = reinterpret_cast<Bytef*>(packed.data() + before);
    z.avail_out = static_cast<uInt>(room);
    deflate(&z, i + 1 == parts.size() ? Z_FINISH : Z_SYNC_FLUSH);
    packed.resize(before + room - z.avail_out);
  }
  deflateEnd(&z);
  return packed;
}

// A zstd frame with a checksum, in which each part is a block of its own. `ends`: behind each block.
// Of several parts, even if the last one is empty, the header states a window and no size.
inline std::string Zstd(const std::vector<std::string>& parts, std::vector<size_t>* ends = nullptr,
                        int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  if (window_log > 0) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
  std::string packed;
  for (size_t i = 0; i < parts.size(); ++i) {
    std::string room(ZSTD_compressBound(parts[i].size()) + 1000, '\0');
    ZSTD_inBuffer in = {parts[i].data(), parts[i].size(), 0};
    ZSTD_outBuffer out = {room.data(), room.size(), 0};
    EXPECT_EQ(ZSTD_compressStream2(context, &out, &in, i + 1 == parts.size() ? ZSTD_e_end : ZSTD_e_flush),
              0u);
    packed.append(room, 0, out.pos);
    if (ends != nullptr) ends->push_back(packed.size());
  }
  ZSTD_freeCCtx(context);
  return packed;
}

inline std::string SkippableFrame(std::string_view content) {
  std::string frame = "\x53\x2a\x4d\x18";
  for (int shift = 0; shift < 32; shift += 8) frame += static_cast<char>(content.size() >> shift & 0xff);
  return frame.append(content);
}

}  // namespace gainsay

#endif  // GAINSAY_TESTS_PACKING_H_
