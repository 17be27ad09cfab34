#include "task/packed_columns.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace gainsay {
namespace {

constexpr size_t kWord = sizeof(uint64_t);

// Times are nanoseconds, and few logs tell them.
constexpr uint64_t kUnits[] = {1'000'000'000, 1'000'000, 1'000};

uint64_t LittleEndian(uint64_t value) {
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
  return value;
}

}  // namespace

void PackedColumns::Add(const Row& row) {
  open_.push_back(row);
  if (open_.size() == kBlockRows) Seal();
}

uint64_t PackedColumns::At(size_t row, size_t column) const {
  const size_t block = row / kBlockRows, place = row % kBlockRows;
  if (block == blocks_.size()) return open_[place][column];
  const Column& c = blocks_[block].columns[column];
  uint64_t value;  // a whole word can be read behind the last value, too
  std::memcpy(&value, blocks_[block].bytes.get() + c.offset + place * c.width, kWord);
  return c.least + c.unit * (LittleEndian(value) & c.mask);
}

PackedColumns::Column PackedColumns::Measure(size_t column) const {
  Column c;
  c.least = open_[0][column];
  uint64_t greatest = c.least;
  for (const Row& row : open_) {
    c.least = std::min(c.least, row[column]);
    greatest = std::max(greatest, row[column]);
  }
  for (const uint64_t unit : kUnits) {
    if (greatest - c.least < unit) continue;
    const bool fits = std::all_of(open_.begin(), open_.end(),
                                  [&](const Row& row) { return (row[column] - c.least) % unit == 0; });
    if (!fits) continue;
    c.unit = unit;
    break;
  }
  const uint64_t most = (greatest - c.least) / c.unit;
  c.width = static_cast<uint32_t>((static_cast<size_t>(std::bit_width(most)) + 7) / 8);
  c.mask = c.width == kWord ? ~uint64_t{0} : (uint64_t{1} << (8 * c.width)) - 1;
  return c;
}

void PackedColumns::Seal() {
  Block block;
  uint32_t size = 0;
  for (size_t i = 0; i < kColumns; ++i) {
    block.columns[i] = Measure(i);
    block.columns[i].offset = size;
    size += block.columns[i].width * static_cast<uint32_t>(kBlockRows);
  }
  block.bytes = std::make_unique<char[]>(size + kWord);
  for (size_t i = 0; i < kColumns; ++i) {
    const Column& c = block.columns[i];
    char* at = block.bytes.get() + c.offset;
    for (const Row& row : open_) {
      const uint64_t value = LittleEndian((row[i] - c.least) / c.unit);
      std::memcpy(at, &value, c.width);
      at += c.width;
    }
  }
  blocks_.push_back(std::move(block));
  open_.clear();
}

}  // namespace gainsay
