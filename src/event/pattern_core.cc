// What is cut off is chosen so that something is left to read: a match less what an optional part of it read,
// or less the first rounds of its first loop, is a match too.
#include "event/pattern_core.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace gainsay {
namespace {

using Node = PatternNode;
using Kind = PatternNode::Kind;
using NodePtr = std::unique_ptr<PatternNode>;

enum class End : uint8_t { kFirst, kLast };

bool IsList(const Node& node) { return node.kind == Kind::kConcat || node.kind == Kind::kGroup; }

// Groups become lists of their one part.
void Ungroup(Node* node) {
  if (node->kind == Kind::kGroup) node->kind = Kind::kConcat;
  for (NodePtr& part : node->parts) Ungroup(part.get());
}

// Of a node that reads something.
void Cut(End end, Node* node) {
  std::vector<NodePtr>& parts = node->parts;
  if (node->kind == Kind::kRepeat) {
    node->most = node->least;
    // Of several rounds only one is at the end.
    if (node->least == 1) Cut(end, parts[0].get());
  } else if (node->kind == Kind::kEither) {
    for (NodePtr& part : parts) Cut(end, part.get());
  } else if (IsList(*node)) {
    const auto reads = [](const NodePtr& part) { return !MayBeEmpty(*part); };
    if (end == End::kFirst) {
      parts.erase(parts.begin(), std::find_if(parts.begin(), parts.end(), reads));
      Cut(end, parts.front().get());
    } else {
      parts.erase(std::find_if(parts.rbegin(), parts.rend(), reads).base(), parts.end());
      Cut(end, parts.back().get());
    }
  }
}

}  // namespace

PatternTree CoreOf(std::string_view regex) {
  PatternTree tree = ReadPattern(regex);
  if (!tree.root || MayBeEmpty(*tree.root)) return {};
  Ungroup(tree.root.get());
  Cut(End::kFirst, tree.root.get());
  Cut(End::kLast, tree.root.get());
  return tree;
}

}  // namespace gainsay
