// A JSON text as a tree of plain values: for what gainsay wrote itself and reads back (reports, baselines),
// where ease counts for more than speed. Logs are read by json.h.
//
//   std::optional<JsonTree> line = ReadJsonTree(text);
//   if (line && line->Text("type") == "finding") Use(line->at("errors").items);
//
// Owned, without limits on size; values within values go kMaxJsonDepth deep.
// Thread rules: plain values; a free function without state.
#ifndef GAINSAY_RECORD_JSON_TREE_H_
#define GAINSAY_RECORD_JSON_TREE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gainsay {

inline constexpr size_t kMaxJsonDepth = 64;

struct JsonTree {
  enum class Kind : uint8_t { kMissing, kNull, kBool, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kMissing;
  bool flag = false;                                      // kBool
  std::string text;                                       // kString, unescaped
  std::optional<uint64_t> count;                          // kNumber, if it is a whole one and not negative
  std::vector<JsonTree> items;                            // kArray
  std::vector<std::pair<std::string, JsonTree>> members;  // kObject, as written

  // Of an object: the member; of a repeated key the last. A missing value where there is none.
  const JsonTree& at(std::string_view key) const;

  // The member, where it is of the kind asked for; else "", 0, false.
  std::string_view Text(std::string_view key) const { return at(key).text; }
  uint64_t Count(std::string_view key) const { return at(key).count.value_or(0); }
  bool Flag(std::string_view key) const { return at(key).flag; }
};

// None if the text is no single JSON value, or a too deep one. Bytes that are no UTF-8 become U+FFFD.
std::optional<JsonTree> ReadJsonTree(std::string_view text);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_JSON_TREE_H_
