// The pattern's tree becomes steps, written from the end to the beginning, so that each knows the next.
// Repeated characters are one step, other repetitions are loops, or written out as often as they are counted.
// Each step knows what may stand where it begins.
#include "record/pattern_program.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace gainsay {
namespace {

using Node = PatternNode;
using Kind = PatternNode::Kind;

constexpr size_t kMaxSteps = 2000;

// The runs of single characters in what each match goes through.
class FixedTexts {
 public:
  const std::string& Longest(const Node& root) {
    Walk(root);
    End();
    return longest_;
  }

 private:
  void Walk(const Node& node) {
    switch (node.kind) {
      case Kind::kConcat:
      case Kind::kGroup:
        for (const auto& part : node.parts) Walk(*part);
        break;
      case Kind::kChar: {
        size_t byte = 0;
        while (byte < 128 && !node.bytes[byte]) ++byte;
        const bool single = node.bytes.count() == 1 && byte < 128 && node.beyond == BeyondAscii::kNone;
        if (!single) return End();
        run_ += static_cast<char>(byte);
        break;
      }
      case Kind::kEither:
      case Kind::kRepeat:
        return End();
      default:
        break;
    }
  }
  void End() {
    if (run_.size() > longest_.size()) longest_ = run_;
    run_.clear();
  }

  std::string run_, longest_;
};

}  // namespace

class PatternProgram::Compiler {
 public:
  explicit Compiler(PatternProgram* program) : program_(*program) {}
  bool Compile(const Node& root) {
    if (!NameGroups(root)) return false;
    const uint32_t match = Emit({});
    program_.begin_ = Add(root, match);
    if (failed_) return false;
    FindFirsts();
    return true;
  }

 private:
  bool NameGroups(const Node& node);
  uint32_t Emit(Step step) {
    failed_ = failed_ || program_.steps_.size() >= kMaxSteps;
    if (failed_) return 0;
    program_.steps_.push_back(step);
    return static_cast<uint32_t>(program_.steps_.size() - 1);
  }
  uint32_t EmitOp(Op op, uint32_t next, uint32_t other = 0) {
    Step step;
    step.op = op;
    step.next = next;
    step.other = other;
    return Emit(step);
  }
  uint32_t EmitSave(size_t place, uint32_t next) {
    const uint32_t save = EmitOp(Op::kSave, next);
    if (!failed_) program_.steps_[save].group_place = static_cast<uint32_t>(place);
    return save;
  }
  // The step from which `node` and then `next` is matched.
  uint32_t Add(const Node& node, uint32_t next);
  uint32_t AddChars(const Node& node, Op op, uint32_t next);
  uint32_t AddRepeat(const Node& node, uint32_t next);
  uint32_t AddEither(const Node& node, uint32_t next);
  // The way into `body` and that around it, in the order of preference.
  uint32_t AddOption(uint32_t body, uint32_t next, bool lazy) {
    return lazy ? EmitOp(Op::kSplit, next, body) : EmitOp(Op::kSplit, body, next);
  }
  // The first bytes of the step's characters.
  TextLook::Bytes BytesOf(const Step& step) const {
    static const TextLook::Bytes kBeyond = TextLook::Bytes().set() << 128;
    const TextLook::Bytes& bytes = program_.char_sets_[step.chars];
    return step.beyond == BeyondAscii::kNone ? bytes : bytes | kBeyond;
  }
  First FirstOf(uint32_t step) const;
  void FindFirsts();

  PatternProgram& program_;
  std::map<const Node*, size_t> places_;  // of groups with names
  bool failed_ = false;
};

bool PatternProgram::Compiler::NameGroups(const Node& node) {
  std::vector<std::string>& groups = program_.groups_;
  if (node.kind == Kind::kGroup && !node.name.empty()) {
    if (std::find(groups.begin(), groups.end(), node.name) != groups.end()) return false;
    places_[&node] = 2 * groups.size();
    groups.push_back(node.name);
  }
  return std::all_of(node.parts.begin(), node.parts.end(),
                     [this](const auto& part) { return NameGroups(*part); });
}

uint32_t PatternProgram::Compiler::AddChars(const Node& node, Op op, uint32_t next) {
  Step step;
  step.op = op;
  step.next = next;
  step.beyond = node.beyond;
  step.least = step.most = 1;
  Chars chars = {};
  for (size_t c = 0; c < 128; ++c) chars[c] = node.bytes[c];
  std::vector<Chars>& known = program_.chars_;
  const auto at = std::find(known.begin(), known.end(), chars);
  step.chars = static_cast<uint32_t>(at - known.begin());
  if (at == known.end()) {
    known.push_back(chars);
    TextLook::Bytes& set = program_.char_sets_.emplace_back();
    for (size_t c = 0; c < 256; ++c) set[c] = chars[c];
  }
  return Emit(step);
}

uint32_t PatternProgram::Compiler::AddRepeat(const Node& node, uint32_t next) {
  const Node* part = node.parts[0].get();
  while (part->kind == Kind::kConcat && part->parts.size() == 1) part = part->parts[0].get();
  if (part->kind == Kind::kChar) {
    const uint32_t run = AddChars(*part, node.lazy ? Op::kLazyRun : Op::kRun, next);
    if (failed_) return 0;
    program_.steps_[run].least = static_cast<size_t>(node.least);
    program_.steps_[run].most = node.most < 0 ? SIZE_MAX : static_cast<size_t>(node.most);
    return run;
  }
  uint32_t step = next;
  if (node.most < 0) {
    // A loop that reads nothing is RE2's matter.
    failed_ = failed_ || MayBeEmpty(*part);
    step = AddOption(next, next, node.lazy);
    const uint32_t body = Add(*part, step);
    if (failed_) return 0;
    (node.lazy ? program_.steps_[step].other : program_.steps_[step].next) = body;
  }
  for (int i = node.least; i < node.most && !failed_; ++i) {
    const uint32_t body = Add(*part, step);
    step = AddOption(body, next, node.lazy);
  }
  for (int i = 0; i < node.least && !failed_; ++i) step = Add(*part, step);
  return step;
}

uint32_t PatternProgram::Compiler::AddEither(const Node& node, uint32_t next) {
  uint32_t either = Add(*node.parts.back(), next);
  for (size_t i = node.parts.size() - 1; i-- > 0;) {
    const uint32_t part = Add(*node.parts[i], next);
    either = EmitOp(Op::kSplit, part, either);
  }
  return either;
}

uint32_t PatternProgram::Compiler::Add(const Node& node, uint32_t next) {
  if (failed_) return 0;
  switch (node.kind) {
    case Kind::kChar:
      return AddChars(node, Op::kChar, next);
    case Kind::kConcat:
      for (size_t i = node.parts.size(); i-- > 0;) next = Add(*node.parts[i], next);
      return next;
    case Kind::kEither:
      return AddEither(node, next);
    case Kind::kRepeat:
      return AddRepeat(node, next);
    case Kind::kGroup: {
      const auto place = places_.find(&node);
      if (place == places_.end()) return Add(*node.parts[0], next);
      const uint32_t end = EmitSave(place->second + 1, next);
      return EmitSave(place->second, Add(*node.parts[0], end));
    }
    case Kind::kBegin:
      return EmitOp(Op::kBegin, next);
    case Kind::kEnd:
      return EmitOp(Op::kEnd, next);
    case Kind::kWordBorder:
      return EmitOp(Op::kWordBorder, next);
    case Kind::kNoWordBorder:
      return EmitOp(Op::kNoWordBorder, next);
    case Kind::kNothing:
      return next;
  }
  return next;
}

PatternProgram::First PatternProgram::Compiler::FirstOf(uint32_t from) const {
  First first;
  std::vector<bool> seen(program_.steps_.size());
  std::vector<uint32_t> way = {from};
  while (!way.empty()) {
    const uint32_t at = way.back();
    way.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    const Step& step = program_.steps_[at];
    const bool reads = step.op == Op::kChar || step.op == Op::kRun || step.op == Op::kLazyRun;
    if (step.op == Op::kMatch) return {TextLook::Bytes().set(), true};
    if (step.op == Op::kEnd) first.end = true;
    if (reads) first.bytes |= BytesOf(step);
    if (step.op == Op::kEnd || (reads && step.least > 0)) continue;
    way.push_back(step.next);
    if (step.op == Op::kSplit) way.push_back(step.other);
  }
  return first;
}

void PatternProgram::Compiler::FindFirsts() {
  std::vector<Step>& steps = program_.steps_;
  for (uint32_t i = 0; i < steps.size(); ++i) steps[i].first = FirstOf(i);
  for (Step& step : steps) {
    if (step.op != Op::kRun) continue;
    step.ends_for_good = (BytesOf(step) & steps[step.next].first.bytes).none();
  }
}

std::optional<PatternProgram> PatternProgram::Compile(std::string_view pattern) {
  return Compile(ReadPattern(pattern));
}

std::optional<PatternProgram> PatternProgram::Compile(const PatternTree& tree) {
  PatternProgram program;
  if (!tree.root || !tree.exact || !IsAnchored(*tree.root)) return std::nullopt;
  if (!Compiler(&program).Compile(*tree.root)) return std::nullopt;
  program.fixed_ = FixedTexts().Longest(*tree.root);
  return program;
}

}  // namespace gainsay
