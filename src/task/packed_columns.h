// Rows of whole numbers, kept by columns: what was added in one stretch is alike (times and offsets grow,
// sources stay), so a block of rows keeps of each column its least value, and of each row the difference, in
// as few bits as the greatest one needs.
//
// Thread rules: none of its own; reading is const.
#ifndef GAINSAY_TASK_PACKED_COLUMNS_H_
#define GAINSAY_TASK_PACKED_COLUMNS_H_

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace gainsay {

class PackedColumns {
 public:
  static constexpr size_t kColumns = 8;
  static constexpr size_t kBlockRows = 1024;
  using Row = std::array<uint64_t, kColumns>;

  void Add(const Row& row);
  size_t size() const { return blocks_.size() * kBlockRows + open_.size(); }
  uint64_t At(size_t row, size_t column) const;

 private:
  struct Column {
    uint64_t least = 0;
    uint64_t unit = 1;    // differences are multiples of it
    uint64_t mask = 0;    // of a difference's bits
    uint32_t offset = 0;  // in the block's bytes
    uint32_t width = 0;   // bits of a difference
  };
  struct Block {
    std::array<Column, kColumns> columns;
    std::unique_ptr<char[]> bytes;
  };
  Column Measure(size_t column) const;  // of the open block
  void Seal();

  std::deque<Block> blocks_;
  std::vector<Row> open_;  // the last block, as long as it is not full
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_PACKED_COLUMNS_H_
