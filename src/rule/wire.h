// Numbers and texts as bytes, one after the other, and back.
//
//   std::string bytes;
//   WireWriter(&bytes).Number(7).Text("a");
//   WireReader reader(bytes);
//   const uint64_t seven = reader.Number();
//   const std::string_view a = reader.Text();     // a view into `bytes`
//   if (!reader.ok()) …                           // cut short, or not written by a WireWriter
//
// Thread rules: one value, one thread.
#ifndef GAINSAY_RULE_WIRE_H_
#define GAINSAY_RULE_WIRE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace gainsay {

class WireWriter {
 public:
  explicit WireWriter(std::string* bytes) : bytes_(bytes) {}

  // Seven bits a byte, the lowest first.
  WireWriter& Number(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_->push_back(static_cast<char>(value | 0x80));
    bytes_->push_back(static_cast<char>(value));
    return *this;
  }
  WireWriter& Signed(int64_t value) {
    const auto bits = static_cast<uint64_t>(value);
    return Number((bits << 1) ^ (value < 0 ? UINT64_MAX : 0));
  }
  WireWriter& Text(std::string_view text) {
    Number(text.size());
    bytes_->append(text);
    return *this;
  }

 private:
  std::string* bytes_;
};

// Once something is wrong, everything is 0 and "".
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : bytes_(bytes) {}

  uint64_t Number() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    Fail();
    return 0;
  }
  int64_t Signed() {
    const uint64_t value = Number();
    return static_cast<int64_t>((value >> 1) ^ ((value & 1) != 0 ? UINT64_MAX : 0));
  }
  std::string_view Text() {
    const uint64_t size = Number();
    if (size > bytes_.size()) {
      Fail();
      return {};
    }
    const std::string_view text = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return text;
  }
  // How many things follow, each of at least one byte.
  uint64_t Count() {
    const uint64_t count = Number();
    if (count <= bytes_.size()) return count;
    Fail();
    return 0;
  }

  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }
  void Fail() {
    ok_ = false;
    bytes_ = {};
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace gainsay

#endif  // GAINSAY_RULE_WIRE_H_
