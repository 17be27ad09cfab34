// A match begins at one of a few places, which its first bytes tell; most texts have none. The first of them
// at which the steps match is where RE2's leftmost match begins, and from there on both prefer the same.
// Where there are many places, or a character outside ASCII matters, RE2 is asked.
#include "event/lazy_regex.h"

#include <algorithm>

#include "event/pattern_core.h"

namespace gainsay {
namespace {

constexpr size_t kMaxSearched = 4096;  // steps may go over a text once for each place
constexpr int kMaxTried = 16;
constexpr double kMaxShare = 0.3;  // of places: `\w+Error` may begin at nearly all

// Groups by number, in the order in which they begin; each gets its number for its name.
void NumberGroups(PatternNode* node, std::vector<std::string>* names) {
  if (node->kind == PatternNode::Kind::kGroup) {
    names->push_back(node->name);
    node->name = std::to_string(names->size() - 1);
  }
  for (const auto& part : node->parts) NumberGroups(part.get(), names);
}

// Whether a match asks for a word's border before it reads anything, whichever way it goes.
bool BeginsAtBorder(const PatternNode& node) {
  using Kind = PatternNode::Kind;
  const auto begins = [](const auto& part) { return BeginsAtBorder(*part); };
  switch (node.kind) {
    case Kind::kWordBorder:
      return true;
    case Kind::kEither:
      return std::all_of(node.parts.begin(), node.parts.end(), begins);
    case Kind::kRepeat:
      return node.least > 0 && begins(node.parts[0]);
    case Kind::kConcat:
    case Kind::kGroup:
      for (const auto& part : node.parts) {
        const bool may_be_missing = part->kind == Kind::kRepeat && part->least == 0;
        if (may_be_missing ? !begins(part->parts[0]) : part->kind != Kind::kBegin) return begins(part);
      }
      return false;
    default:
      return false;
  }
}

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// `at` is a place of the text, not its end.
bool IsWordBorder(std::string_view text, size_t at) {
  return IsWordByte(text[at]) != (at > 0 && IsWordByte(text[at - 1]));
}

}  // namespace

RE2::Options RegexOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  return options;
}

const RE2& LazyRegex::get() const {
  return regex_.Get([this] { return std::make_unique<RE2>(pattern_, RegexOptions()); });
}

bool LazyRegex::MayMatch(std::string_view text) const {
  const MatchBegins& begins =
      core_begins_.Get([this] { return std::make_unique<MatchBegins>(CoreOf(pattern_)); });
  return begins.Next(text, 0) != MatchBegins::kNowhere;
}

const LazyRegex::Shape& LazyRegex::shape() const {
  return shape_.Get([this] { return FindShape(); });
}

std::unique_ptr<LazyRegex::Shape> LazyRegex::FindShape() const {
  auto shape = std::make_unique<Shape>();
  shape->tree = ReadPattern(pattern_);
  PatternTree& tree = shape->tree;
  shape->group_names = {""};
  if (!tree.root) {
    shape->group_names.resize(1 + static_cast<size_t>(get().NumberOfCapturingGroups()));
    for (const auto& [index, name] : get().CapturingGroupNames()) {
      shape->group_names[static_cast<size_t>(index)] = name;
    }
    return shape;
  }
  NumberGroups(tree.root.get(), &shape->group_names);
  const bool is_anchored = IsAnchored(*tree.root);
  shape->begins_at_border = BeginsAtBorder(*tree.root);
  if (!is_anchored) shape->begins.emplace(tree);
  const bool is_known = is_anchored || shape->begins->ShareOfPlaces() < kMaxShare;
  if (!is_known || !tree.exact || shape->group_names.size() > kMaxGroups) tree.root.reset();
  return shape;
}

PatternProgram::Answer LazyRegex::Search(std::string_view text, std::span<re2::StringPiece> groups) const {
  using Answer = PatternProgram::Answer;
  const Shape& known = shape();
  if (!known.tree.root || (known.begins && text.size() > kMaxSearched)) return Answer::kUnsure;
  int tried = 0;
  for (size_t at = known.begins ? known.begins->Next(text, 0) : 0; at != MatchBegins::kNowhere;
       at = known.begins->Next(text, at + 1)) {
    if (known.begins && known.begins_at_border && !IsWordBorder(text, at)) continue;
    const std::optional<PatternProgram>& program = program_.Get([&] {
      return std::make_unique<std::optional<PatternProgram>>(PatternProgram::CompileForAnyPlace(known.tree));
    });
    if (!program || tried++ == kMaxTried) return Answer::kUnsure;
    size_t places[2 * kMaxGroups], end = 0;
    const Answer answer = program->MatchAt(text, at, places, &end);
    if (answer == Answer::kYes) {
      const auto piece = [&](size_t from, size_t to) {
        return re2::StringPiece(text.data() + from, to - from);
      };
      std::fill(groups.begin(), groups.end(), re2::StringPiece());
      if (!groups.empty()) groups[0] = piece(at, end);
      for (size_t i = 1; i < std::min(groups.size(), known.group_names.size()); ++i) {
        const size_t from = places[2 * (i - 1)], to = places[2 * (i - 1) + 1];
        if (from != PatternProgram::kNowhere && to != PatternProgram::kNowhere) groups[i] = piece(from, to);
      }
    }
    if (answer != Answer::kNo || !known.begins) return answer;
  }
  return Answer::kNo;
}

bool LazyRegex::Matches(std::string_view text, std::span<re2::StringPiece> groups) const {
  const PatternProgram::Answer answer = Search(text, groups);
  if (answer != PatternProgram::Answer::kUnsure) return answer == PatternProgram::Answer::kYes;
  return MayMatch(text) && get().Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED,
                                       groups.data(), static_cast<int>(groups.size()));
}

}  // namespace gainsay
