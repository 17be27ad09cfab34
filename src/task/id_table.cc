#include "task/id_table.h"

#include <algorithm>
#include <cstring>
#include <random>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "task/hex_digits.h"

namespace gainsay {
namespace {

constexpr size_t kUuid = 36;
constexpr size_t kDashes[] = {8, 13, 18, 23};

// Abseil seeds its hashes with an address, which is no secret where addresses are not random.
uint64_t HashKey() {
  static const uint64_t key = [] {
    std::random_device device;
    return (uint64_t{device()} << 32) | device();
  }();
  return key;
}

bool PackUuid(std::string_view id, char* out) {
  if (id.size() != kUuid) return false;
  std::array<char, 32> digits;
  size_t from = 0;
  auto at = digits.begin();
  for (const size_t dash : kDashes) {
    if (id[dash] != '-') return false;
    at = std::copy(id.begin() + static_cast<ptrdiff_t>(from), id.begin() + static_cast<ptrdiff_t>(dash), at);
    from = dash + 1;
  }
  std::copy(id.begin() + static_cast<ptrdiff_t>(from), id.end(), at);
  return PackHex({digits.data(), digits.size()}, out);
}

void UnpackUuid(std::string_view bytes, std::string* out) {
  out->assign(kUuid, '-');
  size_t from = 0;
  for (const size_t dash : {kDashes[0], kDashes[1], kDashes[2], kDashes[3], kUuid}) {
    const size_t packed = (dash - from) / 2;
    UnpackHex(bytes.substr(0, packed), out->data() + from);
    bytes.remove_prefix(packed);
    from = dash + 1;
  }
}

}  // namespace

std::string_view IdTable::Cell::elsewhere() const {
  const char* data;
  uint64_t size;
  std::memcpy(&data, bytes.data(), sizeof data);
  std::memcpy(&size, bytes.data() + sizeof data, sizeof size);
  return {data, size};
}

bool IdTable::Cell::operator==(const Cell& other) const {
  if (tag != other.tag) return false;
  return form() == Form::kElsewhere ? elsewhere() == other.elsewhere() : bytes == other.bytes;
}

size_t IdTable::Hash::operator()(const Cell& cell) const {
  const std::string_view text = cell.form() == Form::kElsewhere
                                    ? cell.elsewhere()
                                    : std::string_view(cell.bytes.data(), cell.bytes.size());
  return absl::HashOf(HashKey(), cell.tag, absl::string_view(text.data(), text.size()));
}

IdTable::IdTable() : index_(0, Hash{this}, Equal{this}) {}

void IdTable::CloseIndex() { decltype(index_)(0, Hash{this}, Equal{this}).swap(index_); }

// A text has one form only, so that equal ids are equal cells.
IdTable::Cell IdTable::Encode(std::string_view id, bool scoped) {
  Cell cell;
  const auto tag = [scoped](Form form, size_t size) {
    return static_cast<uint8_t>((scoped ? 128U : 0U) | (size << 2) | static_cast<size_t>(form));
  };
  if (PackUuid(id, cell.bytes.data())) {
    cell.tag = tag(Form::kUuid, 0);
  } else if (id.size() <= kBytes) {
    cell.bytes = {};
    std::copy(id.begin(), id.end(), cell.bytes.begin());
    cell.tag = tag(Form::kInline, id.size());
  } else if (cell.bytes = {};
             id.size() <= 2 * kBytes && id.size() % 2 == 0 && PackHex(id, cell.bytes.data())) {
    cell.tag = tag(Form::kHex, id.size() / 2);
  } else {
    const char* data = id.data();
    const uint64_t size = id.size();
    std::memcpy(cell.bytes.data(), &data, sizeof data);
    std::memcpy(cell.bytes.data() + sizeof data, &size, sizeof size);
    cell.tag = tag(Form::kElsewhere, 0);
  }
  return cell;
}

uint32_t IdTable::Of(std::string_view id, bool scoped) {
  Cell cell = Encode(id, scoped);
  if (const auto found = index_.find(cell); found != index_.end()) return *found;
  if (cell.form() == Form::kElsewhere) cell = Encode(arena_.Keep(id), scoped);
  const auto number = static_cast<uint32_t>(cells_.size());
  cells_.push_back(cell);
  index_.insert(number);
  return number;
}

std::optional<uint32_t> IdTable::Find(std::string_view id, bool scoped) const {
  const auto found = index_.find(Encode(id, scoped));
  return found == index_.end() ? std::nullopt : std::optional<uint32_t>(*found);
}

bool IdTable::IsScoped(uint32_t number) const { return cells_[number].tag >= 128; }

std::string_view IdTable::TextOf(uint32_t number, std::string* scratch) const {
  const Cell& cell = cells_[number];
  scratch->clear();
  switch (cell.form()) {
    case Form::kInline:
      return {cell.bytes.data(), cell.size()};
    case Form::kHex:
      UnpackHex({cell.bytes.data(), cell.size()}, scratch);
      return *scratch;
    case Form::kUuid:
      UnpackUuid({cell.bytes.data(), kBytes}, scratch);
      return *scratch;
    case Form::kElsewhere:
      return cell.elsewhere();
  }
  return {};
}

}  // namespace gainsay
