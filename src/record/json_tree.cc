#include "record/json_tree.h"

#include <simdjson.h>

#include <algorithm>

#include "record/decode.h"

namespace gainsay {
namespace {

namespace dom = simdjson::dom;

JsonTree TreeOf(dom::element element);

JsonTree ArrayOf(dom::array array) {
  JsonTree tree;
  tree.kind = JsonTree::Kind::kArray;
  for (const dom::element item : array) tree.items.push_back(TreeOf(item));
  return tree;
}

JsonTree ObjectOf(dom::object object) {
  JsonTree tree;
  tree.kind = JsonTree::Kind::kObject;
  for (const dom::key_value_pair member : object) {
    tree.members.emplace_back(std::string(member.key), TreeOf(member.value));
  }
  return tree;
}

// The parser has held the depth already.
JsonTree TreeOf(dom::element element) {
  JsonTree tree;
  switch (element.type()) {
    case dom::element_type::ARRAY:
      return ArrayOf(element.get_array().value_unsafe());
    case dom::element_type::OBJECT:
      return ObjectOf(element.get_object().value_unsafe());
    case dom::element_type::STRING:
      tree.kind = JsonTree::Kind::kString;
      tree.text = std::string(element.get_string().value_unsafe());
      return tree;
    case dom::element_type::BOOL:
      tree.kind = JsonTree::Kind::kBool;
      tree.flag = element.get_bool().value_unsafe();
      return tree;
    case dom::element_type::NULL_VALUE:
      tree.kind = JsonTree::Kind::kNull;
      return tree;
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE:
      break;
  }
  tree.kind = JsonTree::Kind::kNumber;
  uint64_t count = 0;
  if (element.get_uint64().get(count) == simdjson::SUCCESS) tree.count = count;
  return tree;
}

}  // namespace

const JsonTree& JsonTree::at(std::string_view key) const {
  static const JsonTree kMissing;
  const auto found =
      std::find_if(members.rbegin(), members.rend(), [key](const auto& m) { return m.first == key; });
  return found == members.rend() ? kMissing : found->second;
}

std::optional<JsonTree> ReadJsonTree(std::string_view text) {
  std::string scratch;
  const std::string_view repaired = Repaired(text, &scratch);
  dom::parser parser;
  dom::element root;
  if (parser.allocate(std::max<size_t>(repaired.size(), simdjson::SIMDJSON_PADDING), kMaxJsonDepth))
    return std::nullopt;
  if (parser.parse(repaired.data(), repaired.size()).get(root)) return std::nullopt;
  return TreeOf(root);
}

}  // namespace gainsay
