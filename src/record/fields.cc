#include "record/fields.h"

#include <algorithm>
#include <cstring>

namespace gainsay {
namespace {

uint64_t Load(const char* bytes, size_t count) {
  uint64_t value = 0;
  std::memcpy(&value, bytes, count);
  return value;
}

// Of a key's size, its first and its last eight bytes: what tells field names apart.
size_t HashKey(uint32_t node, std::string_view key) {
  const char *first = key.data(), *end = first + key.size();
  uint64_t a = 0, b = 0;
  if (key.size() >= 8) {
    a = Load(first, 8);
    b = Load(end - 8, 8);
  } else if (key.size() >= 4) {
    a = Load(first, 4);
    b = Load(end - 4, 4);
  } else if (!key.empty()) {
    a = static_cast<unsigned char>(key.front());
    b = static_cast<unsigned char>(end[-1]) << 8 | static_cast<unsigned char>(key[key.size() / 2]);
  }
  uint64_t hash = (a ^ (b << 23 | b >> 41)) + (uint64_t{node} << 32 | key.size()) * 0x9e3779b97f4a7c15u;
  hash *= 0xff51afd7ed558ccdu;
  return static_cast<size_t>(hash ^ hash >> 32);
}

}  // namespace

FieldPlan FieldPlan::Compile(const RuleSet& rules, const std::vector<std::string>& attributes) {
  FieldPlan plan;
  plan.nodes_.emplace_back();
  const auto add_candidates = [&plan](const FieldCandidates& candidates) {
    for (size_t field = 0; field < kFieldCount; ++field) {
      for (const std::string& path : candidates.paths[field]) {
        const size_t slot = plan.AddPath(path);
        std::vector<size_t>& slots = plan.candidates_[field];
        if (std::find(slots.begin(), slots.end(), slot) == slots.end()) slots.push_back(slot);
      }
    }
  };
  for (const Pack& pack : rules.packs) add_candidates(pack.fields);
  add_candidates(BuiltinFields());
  plan.AddPath("_TRANSPORT");  // what a journald PRIORITY is worth
  for (const Pack& pack : rules.packs) {
    for (const Rule& rule : pack.rules) {
      for (const FieldTest& test : rule.where) plan.Ask(test.path);
      for (const FieldTest& test : rule.match) plan.Ask(test.path);
      for (const FieldCapture& capture : rule.capture) plan.Ask(capture.path);
    }
  }
  for (const std::string& path : attributes) plan.Ask(path);
  return plan;
}

size_t FieldPlan::Slot(std::string_view path) const {
  const uint32_t child = Find(0, path);  // as a whole it is a key, too
  return child == kNoNode ? kNone : nodes_[child].slot;
}

uint32_t FieldPlan::AddChild(uint32_t parent, std::string_view key) {
  if (const uint32_t known = Find(parent, key); known != kNoNode) return known;
  const auto index = static_cast<uint32_t>(nodes_.size());
  nodes_.push_back(Node{std::string(key), kNone, {}});
  nodes_[parent].children.push_back(index);
  if (nodes_.size() * 4 > index_.size()) {
    IndexKeys(2 * index_.size());
  } else {
    IndexKey(parent, index);
  }
  return index;
}

// "a.b.c" becomes the keys "a.b.c" here, "b.c" within "a", and "c" within "b" within "a".
size_t FieldPlan::AddPath(const std::string& path) {
  if (const size_t known = Slot(path); known != kNone) return known;
  const size_t slot = paths_.size();
  paths_.push_back(path);
  asked_.push_back(false);
  uint32_t node = 0;
  for (std::string_view rest = path;;) {
    nodes_[AddChild(node, rest)].slot = slot;
    const size_t dot = rest.find('.');
    if (dot == std::string_view::npos || dot + 1 == rest.size()) return slot;
    node = AddChild(node, rest.substr(0, dot));
    rest.remove_prefix(dot + 1);
  }
}

void FieldPlan::IndexKey(uint32_t parent, uint32_t child) {
  size_t at = HashKey(parent, nodes_[child].key) & (index_.size() - 1);
  while (index_[at].child != kNoNode) at = (at + 1) & (index_.size() - 1);
  index_[at] = {parent, child};
}

void FieldPlan::IndexKeys(size_t size) {
  index_.assign(size, IndexEntry{});
  for (uint32_t parent = 0; parent < nodes_.size(); ++parent) {
    for (const uint32_t child : nodes_[parent].children) IndexKey(parent, child);
  }
}

uint32_t FieldPlan::Find(uint32_t node, std::string_view key) const {
  size_t at = HashKey(node, key) & (index_.size() - 1);
  for (; index_[at].child != kNoNode; at = (at + 1) & (index_.size() - 1)) {
    if (index_[at].parent == node && nodes_[index_[at].child].key == key) return index_[at].child;
  }
  return kNoNode;
}

uint32_t FieldPlan::Child(uint32_t node, std::string_view key) const {
  return node == kNoNode || key.size() > kMaxKeyBytes ? kNoNode : Find(node, key);
}

}  // namespace gainsay
