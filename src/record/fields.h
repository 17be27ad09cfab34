// Which attributes of a JSON record are wanted, compiled into one tree of keys, so that
// a record is read in a single pass over its keys and everything else is skipped.
//
//   FieldPlan plan = FieldPlan::Compile(rules);
//   size_t slot = plan.Slot("ctx.jid");         // for where, match and capture
//
// A path "a.b" matches the literal key "a.b" and the key "b" in the object "a"; where a record
// has both, the literal key wins. Where a key is repeated, the last value wins.
// Immutable after Compile; may be shared by threads.
#ifndef GAINSAY_RECORD_FIELDS_H_
#define GAINSAY_RECORD_FIELDS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/severity.h"
#include "rule/rule.h"

namespace gainsay {

// The attribute names that common loggers use, tried after those of the packs.
// Source: the loggers' own code, as listed in tests/data/log_fields.jsonl.
const FieldCandidates& BuiltinFields();

// How the numbers in this attribute are to be read when it holds a level.
LevelScale ScaleOf(std::string_view path);

class FieldPlan {
 public:
  static constexpr size_t kNone = SIZE_MAX;  // no slot
  static constexpr uint32_t kNoNode = UINT32_MAX;

  struct Node {
    std::string key;
    size_t slot = kNone;             // the value is wanted
    std::vector<uint32_t> children;  // nodes whose keys to look for if the value is an object
  };

  // With a slot for each of `attributes` too, whatever the rules ask for.
  static FieldPlan Compile(const RuleSet& rules, const std::vector<std::string>& attributes = {});

  // The slot of an attribute path that some rule tests or captures; kNone if none does.
  size_t Slot(std::string_view path) const;
  size_t slot_count() const { return paths_.size(); }
  const std::string& path(size_t slot) const { return paths_[slot]; }

  // Whether the value itself is asked for, not only the field that it may stand for.
  bool is_asked(size_t slot) const { return asked_[slot]; }

  // The slots to try for a field, in order: packs first, then the built-in ones.
  const std::vector<size_t>& candidates(Field field) const { return candidates_[static_cast<size_t>(field)]; }

  // The child of `node` with this key, or kNoNode. Node 0 is the root.
  uint32_t Child(uint32_t node, std::string_view key) const;
  const Node& node(uint32_t index) const { return nodes_[index]; }

 private:
  static constexpr size_t kMaxKeyBytes = 512;  // longer keys are no field's name

  struct IndexEntry {
    uint32_t parent = kNoNode;
    uint32_t child = kNoNode;  // kNoNode: free
  };

  size_t AddPath(const std::string& path);
  void Ask(const std::string& path) { asked_[AddPath(path)] = true; }
  uint32_t AddChild(uint32_t parent, std::string_view key);
  uint32_t Find(uint32_t node, std::string_view key) const;  // as Child
  void IndexKey(uint32_t parent, uint32_t child);
  void IndexKeys(size_t size);

  std::vector<Node> nodes_;
  // Open addressing by parent and key; a power of two, four times as many as there are keys.
  std::vector<IndexEntry> index_ = std::vector<IndexEntry>(16);
  std::vector<std::string> paths_;
  std::vector<bool> asked_;  // by slot
  std::vector<size_t> candidates_[kFieldCount];
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_FIELDS_H_
