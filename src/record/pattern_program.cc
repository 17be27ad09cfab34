// The pattern's tree becomes steps, written from the end to the beginning, so that each knows the next.
// Repeated characters are one step, other repetitions are loops, or written out as often as they are counted.
// Each step knows what may stand where it begins.
#include "record/pattern_program.h"

#include <algorithm>
#include <cstring>
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
    FindTexts();
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
  uint32_t EmitSwitch(std::vector<uint32_t> ways);
  void FindOpen(Switch* choice) const;
  // The way into `body` and that around it, in the order of preference.
  uint32_t AddOption(uint32_t body, uint32_t next, bool lazy) {
    return lazy ? EmitOp(Op::kSplit, next, body) : EmitOp(Op::kSplit, body, next);
  }
  // The first bytes of the step's characters.
  TextLook::Bytes BytesOf(const Step& step) const {
    static const TextLook::Bytes kBeyond = TextLook::Bytes().set() << 128;
    const TextLook::Bytes& bytes = program_.chars_[step.chars].bytes;
    return step.beyond == BeyondAscii::kNone ? bytes : bytes | kBeyond;
  }
  First FirstOf(const Step& step) const;
  void FindFirsts();
  void FindTexts();
  void AddWords(std::string_view bytes, std::string_view compared);

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
  static const TextLook::Bytes kAscii = ~TextLook::Bytes() >> 128;
  std::vector<Chars>& known = program_.chars_;
  const TextLook::Bytes set = node.bytes & kAscii;
  const auto at =
      std::find_if(known.begin(), known.end(), [&](const Chars& chars) { return chars.bytes == set; });
  step.chars = static_cast<uint32_t>(at - known.begin());
  if (at == known.end()) {
    Chars& chars = known.emplace_back();
    chars.bytes = set;
    for (size_t c = set._Find_first(); c < chars.has.size(); c = set._Find_next(c)) chars.has[c] = true;
  }
  if (op == Op::kRun) known[step.chars].halves = HalvesOf(set);
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
  std::vector<uint32_t> ways;
  for (const auto& part : node.parts) ways.push_back(Add(*part, next));
  while (ways.size() > 1) {
    const size_t most = ways.size() == 2 ? 2 : Switch::kMost,
                 begin = ways.size() - std::min(ways.size(), most);
    const uint32_t either = ways.size() == 2
                                ? EmitOp(Op::kSplit, ways[0], ways[1])
                                : EmitSwitch({ways.begin() + static_cast<std::ptrdiff_t>(begin), ways.end()});
    ways.resize(begin);
    ways.push_back(either);
  }
  return ways[0];
}

uint32_t PatternProgram::Compiler::EmitSwitch(std::vector<uint32_t> ways) {
  const uint32_t step = EmitOp(Op::kSwitch, 0);
  if (failed_) return 0;
  program_.steps_[step].chars = static_cast<uint32_t>(program_.switches_.size());
  program_.switches_.push_back({std::move(ways), {}});
  return step;
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

// As far as it is known of the steps behind.
PatternProgram::First PatternProgram::Compiler::FirstOf(const Step& step) const {
  const bool reads = step.op == Op::kChar || step.op == Op::kRun || step.op == Op::kLazyRun;
  First first;
  if (step.op == Op::kMatch) return {TextLook::Bytes().set(), true};
  if (step.op == Op::kEnd) first.end = true;
  if (reads) first.bytes = BytesOf(step);
  if (step.op == Op::kEnd || (reads && step.least > 0)) return first;
  const auto add = [&](uint32_t behind) {
    first.bytes |= program_.steps_[behind].first.bytes;
    first.end = first.end || program_.steps_[behind].first.end;
  };
  if (step.op == Op::kSwitch) {
    for (const uint32_t way : program_.switches_[step.chars].ways) add(way);
    return first;
  }
  add(step.next);
  if (step.op == Op::kSplit) add(step.other);
  return first;
}

// Most steps stand behind those that come after them; loops need another round.
void PatternProgram::Compiler::FindFirsts() {
  std::vector<Step>& steps = program_.steps_;
  for (bool changed = true; changed;) {
    changed = false;
    for (Step& step : steps) {
      const First first = FirstOf(step);
      changed = changed || first.bytes != step.first.bytes || first.end != step.first.end;
      step.first = first;
    }
  }
  for (Step& step : steps) {
    if (step.op != Op::kRun) continue;
    step.ends_for_good = (BytesOf(step) & steps[step.next].first.bytes).none();
  }
  for (Switch& choice : program_.switches_) FindOpen(&choice);
}

// Of each step that asks for one character and is not behind another such step.
void PatternProgram::Compiler::FindTexts() {
  std::vector<Step>& steps = program_.steps_;
  struct Asked {
    char byte = 0, compared = 0;  // the bits of it that count; none: it is not one character
  };
  std::vector<Asked> asked(steps.size());
  std::vector<bool> is_behind(steps.size());
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].op != Op::kChar || steps[i].beyond != BeyondAscii::kNone) continue;
    const TextLook::Bytes bytes = program_.chars_[steps[i].chars].bytes;
    const size_t byte = bytes._Find_first(), other = bytes._Find_next(byte);
    const bool is_letter =
        byte >= 'A' && byte <= 'Z' && other == byte + 0x20 && bytes._Find_next(other) == bytes.size();
    if (byte == bytes.size() || (!is_letter && other != bytes.size())) continue;
    asked[i] = {static_cast<char>(byte), is_letter ? '\xDF' : '\xFF'};
    is_behind[steps[i].next] = true;
  }
  for (size_t first = 0; first < steps.size(); ++first) {
    std::string bytes, compared;
    if (is_behind[first]) continue;
    uint32_t next = static_cast<uint32_t>(first);
    for (; asked[next].compared != 0; next = steps[next].next) {
      bytes += asked[next].byte;
      compared += asked[next].compared;
    }
    if (bytes.size() < 2) continue;
    steps[first].text = static_cast<uint32_t>(program_.texts_.size());
    program_.texts_.push_back({bytes.size(), static_cast<uint32_t>(program_.text_words_.size()), next});
    AddWords(bytes, compared);
  }
}

void PatternProgram::Compiler::AddWords(std::string_view bytes, std::string_view compared) {
  for (size_t at = 0;; at = std::min(at + sizeof(uint64_t), bytes.size() - sizeof(uint64_t))) {
    TextWord& word = program_.text_words_.emplace_back();
    std::memcpy(&word.bytes, bytes.data() + at, std::min(sizeof word.bytes, bytes.size() - at));
    std::memcpy(&word.compared, compared.data() + at, std::min(sizeof word.compared, bytes.size() - at));
    if (at + sizeof(uint64_t) >= bytes.size()) return;
  }
}

void PatternProgram::Compiler::FindOpen(Switch* choice) const {
  for (size_t i = 0; i < choice->ways.size(); ++i) {
    const First& first = program_.steps_[choice->ways[i]].first;
    const uint64_t bit = uint64_t{1} << i;
    for (size_t byte = first.bytes._Find_first(); byte < 256; byte = first.bytes._Find_next(byte)) {
      choice->open[byte] |= bit;
    }
    if (first.end) choice->open[256] |= bit;
  }
}

std::optional<PatternProgram> PatternProgram::Compile(std::string_view pattern) {
  return Compile(ReadPattern(pattern));
}

std::optional<PatternProgram> PatternProgram::Compile(const PatternTree& tree) {
  return tree.root && IsAnchored(*tree.root) ? CompileForAnyPlace(tree) : std::nullopt;
}

std::optional<PatternProgram> PatternProgram::CompileForAnyPlace(const PatternTree& tree) {
  PatternProgram program;
  if (!tree.root || !tree.exact) return std::nullopt;
  if (!Compiler(&program).Compile(*tree.root)) return std::nullopt;
  program.fixed_ = FixedTexts().Longest(*tree.root);
  return program;
}

}  // namespace gainsay
