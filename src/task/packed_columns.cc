#include "task/packed_columns.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace gainsay {
namespace {

constexpr uint32_t kWordBits = 64;
constexpr uint32_t kMostBits = kWordBits - 7;  // of a value that is in one word, wherever in a byte it begins

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
  const size_t bit = place * c.width;
  uint64_t word;  // a whole one can be read behind the last value, too
  std::memcpy(&word, blocks_[block].bytes.get() + c.offset + bit / 8, sizeof word);
  return c.least + c.unit * (LittleEndian(word) >> bit % 8 & c.mask);
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
  c.width = static_cast<uint32_t>(std::bit_width(most));
  if (c.width > kMostBits) c.width = kWordBits;
  c.mask = c.width == kWordBits ? ~uint64_t{0} : (uint64_t{1} << c.width) - 1;
  return c;
}

void PackedColumns::Seal() {
  Block block;
  uint32_t size = 0;
  for (size_t i = 0; i < kColumns; ++i) {
    block.columns[i] = Measure(i);
    block.columns[i].offset = size;
    size += block.columns[i].width * static_cast<uint32_t>(kBlockRows / 8);
  }
  block.bytes = std::make_unique<char[]>(size + sizeof(uint64_t));
  for (size_t i = 0; i < kColumns; ++i) {
    const Column& c = block.columns[i];
    for (size_t place = 0; place < open_.size(); ++place) {
      const size_t bit = place * c.width;
      char* at = block.bytes.get() + c.offset + bit / 8;
      uint64_t word;
      std::memcpy(&word, at, sizeof word);
      word |= LittleEndian((open_[place][i] - c.least) / c.unit << bit % 8);
      std::memcpy(at, &word, sizeof word);
    }
  }
  blocks_.push_back(std::move(block));
  open_.clear();
}

}  // namespace gainsay
