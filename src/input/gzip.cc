// The header is read byte by byte, since it may be cut anywhere; its optional parts follow each other in the
// order of RFC 1952, each with a flag. Behind a member comes the end, another member, or padding with zeros
// (tapes, and what block devices make of files); anything else is garbage, told but never inflated.
#include "input/gzip.h"

#include <algorithm>
#include <array>
#include <utility>

#include "input/decompressor.h"

namespace gainsay {
namespace {

// The CRC-32 of gzip, for headers: too short to be worth a library.
uint32_t AddToCrc(uint32_t crc, unsigned char byte) {
  crc = ~crc ^ byte;
  for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
  return ~crc;
}

class HeaderReader {
 public:
  // Takes the next byte. False: the header is whole, or `damage` says what is wrong with it.
  bool Take(unsigned char byte) {
    if (part_ != Part::kCrc) crc_ = AddToCrc(crc_, byte);
    switch (part_) {
      case Part::kFixed:
        return TakeFixed(byte);
      case Part::kExtraLength:
        extra_ |= static_cast<uint32_t>(byte) << 8 * at_;
        if (++at_ == 2 && extra_ == 0) return Leave();
        if (at_ == 2) part_ = Part::kExtra;
        return true;
      case Part::kExtra:
        return --extra_ > 0 || Leave();
      case Part::kName:
      case Part::kComment:
        return byte != 0 || Leave();
      case Part::kCrc:
        if (byte != (crc_ >> 8 * at_ & 0xff)) return Damaged("header crc mismatch");
        return ++at_ < 2;
      case Part::kEnd:
        break;
    }
    return false;
  }

  bool looks_like_gzip() const { return magic_; }
  const char* damage() const { return damage_; }  // null: none

 private:
  enum class Part { kFixed, kExtraLength, kExtra, kName, kComment, kCrc, kEnd };

  bool TakeFixed(unsigned char byte) {
    constexpr size_t kFixedBytes = 10;
    const size_t at = at_++;
    if (at == 1) magic_ = byte == 0x8b;
    if (at == 1 && !magic_) return Damaged("no gzip header");
    if (at == 2 && byte != 8) return Damaged("unknown compression method");
    if (at == 3) flags_ = byte;
    if (at == 3 && (byte & 0xe0) != 0) return Damaged("unknown header flags set");
    return at_ < kFixedBytes || Leave();
  }

  // Enters the next part that the flags promise. False if there is none.
  bool Leave() {
    constexpr std::array<std::pair<Part, unsigned>, 4> kParts = {
        {{Part::kExtraLength, 4}, {Part::kName, 8}, {Part::kComment, 16}, {Part::kCrc, 2}}};
    const Part left = part_ == Part::kExtra ? Part::kExtraLength : part_;
    at_ = 0;
    for (const auto& [part, flag] : kParts) {
      if (part <= left || (flags_ & flag) == 0) continue;
      part_ = part;
      return true;
    }
    part_ = Part::kEnd;
    return false;
  }

  bool Damaged(const char* what) {
    damage_ = what;
    return false;
  }

  Part part_ = Part::kFixed;
  size_t at_ = 0;
  unsigned flags_ = 0;
  uint32_t extra_ = 0, crc_ = 0;
  bool magic_ = false;
  const char* damage_ = nullptr;
};

class GzipDecompressor : public Decompressor {
 public:
  GzipDecompressor(std::unique_ptr<ByteStream> raw, std::unique_ptr<MemberInflater> inflater,
                   const PartAsked& asked)
      : Decompressor(std::move(raw), asked.origin),
        inflater_(std::move(inflater)),
        limit_(asked.limit),
        members_(asked.origin == 0 ? 0 : 1) {}

 protected:
  size_t Step(char* buffer, size_t capacity) override {
    Refill();
    if (place_ == Place::kBetween) EnterMember();
    if (place_ == Place::kHeader) ReadHeader();
    if (place_ != Place::kBody) return 0;
    const MemberInflater::Progress progress = inflater_->Inflate(left(), buffer, capacity);
    Consume(progress.consumed);
    Judge(progress);
    return progress.produced;
  }

 private:
  enum class Place { kBetween, kHeader, kBody };

  // Passes over the padding in front of a member.
  void EnterMember() {
    if (members_ > 0) Consume(std::min(left().find_first_not_of('\0'), left().size()));
    if (left().empty()) {
      if (AtEnd()) FinishAtEnd(absl::OkStatus());
    } else if (consumed() >= limit_) {
      StopAt(consumed());
    } else if (left()[0] != '\x1f') {
      Finish(absl::DataLossError("garbage follows the gzip data"));
    } else {
      place_ = Place::kHeader;
      header_ = {};
    }
  }

  void ReadHeader() {
    bool more = true;
    size_t taken = 0;
    while (more && taken < left().size()) more = header_.Take(static_cast<unsigned char>(left()[taken++]));
    Consume(taken);
    if (header_.damage() != nullptr) {
      Finish(absl::DataLossError(members_ > 0 && !header_.looks_like_gzip()
                                     ? "garbage follows the gzip data"
                                     : "the gzip data is damaged (" + std::string(header_.damage()) + ")"));
    } else if (!more) {
      place_ = Place::kBody;
      inflater_->Begin();
    } else if (AtEnd()) {
      FinishAtEnd(Cut());
    }
  }

  void Judge(const MemberInflater::Progress& progress) {
    switch (progress.state) {
      case MemberInflater::State::kEnd:
        ++members_;
        place_ = Place::kBetween;
        break;
      case MemberInflater::State::kMore:
        if (progress.produced == 0 && AtEnd()) FinishAtEnd(Cut());
        break;
      case MemberInflater::State::kDamaged:
        Finish(absl::DataLossError("the gzip data is damaged (" + progress.damage + ")"));
        break;
      case MemberInflater::State::kNoMemory:
        Finish(absl::ResourceExhaustedError("not enough memory for gzip"));
        break;
    }
  }

  static absl::Status Cut() { return absl::DataLossError("the gzip data ends in the middle of a member"); }

  std::unique_ptr<MemberInflater> inflater_;
  Place place_ = Place::kBetween;
  HeaderReader header_;
  const uint64_t limit_;
  uint64_t members_;  // so far, those before the first part asked for as one
};

}  // namespace

std::unique_ptr<Decompressor> GzipStream(std::unique_ptr<ByteStream> raw,
                                         std::unique_ptr<MemberInflater> inflater, const PartAsked& asked) {
  return std::make_unique<GzipDecompressor>(std::move(raw), std::move(inflater), asked);
}

}  // namespace gainsay
