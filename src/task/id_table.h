// The ids of tasks, each once, numbered as they come. An id takes sixteen bytes, its tag and its place in the
// index: a UUID and other hexadecimal digits are kept as binary, what is longer is kept elsewhere.
//
// The index hashes with a key that is drawn for each process, so that nobody can make ids that collide.
//
// Thread rules: one table, one thread.
#ifndef GAINSAY_TASK_ID_TABLE_H_
#define GAINSAY_TASK_ID_TABLE_H_

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "task/text_arena.h"

namespace gainsay {

class IdTable {
 public:
  IdTable();
  // The index points into the table.
  IdTable(const IdTable&) = delete;
  IdTable& operator=(const IdTable&) = delete;

  // `scoped`: the text is that of an id and its scope (task/task_table.h), and equal to no other.
  uint32_t Of(std::string_view id, bool scoped = false);  // made if new
  std::optional<uint32_t> Find(std::string_view id, bool scoped = false) const;

  // Frees the index, a third of all this: no id is looked for from here on, neither made nor found.
  void CloseIndex();

  size_t size() const { return cells_.size(); }
  bool IsScoped(uint32_t number) const;
  // Valid until `scratch` changes.
  std::string_view TextOf(uint32_t number, std::string* scratch) const;

 private:
  enum class Form : uint8_t { kInline, kHex, kUuid, kElsewhere };
  static constexpr size_t kBytes = 16;
  struct Cell {
    std::array<char, kBytes> bytes{};  // kElsewhere: address and size of the text
    uint8_t tag = 0;                   // form, size of inline and hexadecimal texts, scoped or not

    Form form() const { return static_cast<Form>(tag & 3); }
    size_t size() const { return (tag >> 2) & 31; }
    std::string_view elsewhere() const;
    bool operator==(const Cell& other) const;
  };
  static Cell Encode(std::string_view id, bool scoped);

  struct Hash {
    using is_transparent = void;
    const IdTable* table;
    size_t operator()(uint32_t number) const { return (*this)(table->cells_[number]); }
    size_t operator()(const Cell& cell) const;
  };
  struct Equal {
    using is_transparent = void;
    const IdTable* table;
    const Cell& Of(uint32_t number) const { return table->cells_[number]; }
    const Cell& Of(const Cell& cell) const { return cell; }
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return Of(a) == Of(b);
    }
  };

  std::deque<Cell> cells_;
  TextArena arena_;
  absl::flat_hash_set<uint32_t, Hash, Equal> index_;
};

}  // namespace gainsay

#endif  // GAINSAY_TASK_ID_TABLE_H_
