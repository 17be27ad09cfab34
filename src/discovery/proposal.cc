#include "discovery/proposal.h"

#include <algorithm>
#include <set>

#include "event/operation.h"
#include "report/escape.h"

namespace gainsay {
namespace {

constexpr size_t kMaxRules = 40;        // of starts and terminals
constexpr size_t kMaxErrors = 8;        // that may be write errors
constexpr size_t kMaxNearExamples = 2;  // of other templates, which must not match
constexpr uint32_t kNoPlace = LogSample::kNoPlace;

std::string Quoted(std::string_view text) { return "'" + Shorten(text, 80) + "'"; }

std::string Of(uint64_t part, uint64_t whole) {
  return std::to_string(part) + " of " + std::to_string(whole);
}

// The message with its varying pieces as dots, for people.
std::string Shown(const LineTemplate& t) {
  std::string shown;
  for (const OwnedPiece& piece : t.pieces) {
    if (piece.kind == PieceKind::kBlank) {
      shown += ' ';
    } else {
      shown += IsLiteral(piece.kind) ? piece.text : std::string("…");
    }
  }
  if (!t.state_path.empty()) shown += (shown.empty() ? "" : " ") + t.state_path + "=" + t.state_value;
  return shown;
}

class Proposer {
 public:
  Proposer(const LogSample& sample, const TaskIds& ids, const std::vector<LifecycleRole>& roles,
           Proposal* proposal)
      : sample_(sample), ids_(ids), roles_(roles), proposal_(proposal) {}

  void Run() {
    for (const uint32_t t : ByCount()) {
      if (roles_[t].kind != LifecycleRole::Kind::kNone) AddLifecycle(t);
    }
    AddTaskField();
    for (const uint32_t t : ByCount()) {
      AddError(t);
      AddErrorOfTask(t);
    }
    TellKnown();
    // What tests an attribute is more exact than what only reads the message.
    std::stable_sort(proposal_->rules.begin(), proposal_->rules.end(),
                     [](const ProposedRule& a, const ProposedRule& b) {
                       return std::pair(a.kind, a.where.empty()) < std::pair(b.kind, b.where.empty());
                     });
    if (left_out_ > 0) {
      proposal_->findings.push_back(std::to_string(left_out_) + " rarer starts and endings were left out");
    }
  }

 private:
  // All templates, most frequent first.
  std::vector<uint32_t> ByCount() const {
    std::vector<uint32_t> order(sample_.templates().size());
    for (uint32_t t = 0; t < order.size(); ++t) order[t] = t;
    std::stable_sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) {
      return sample_.templates()[a].count > sample_.templates()[b].count;
    });
    return order;
  }

  // What a piece that varies may be; `group` names it.
  std::string Slot(const OwnedPiece& piece, uint32_t place, const std::string& group) const {
    std::string regex;
    if (piece.kind == PieceKind::kName) {
      regex = "%{name}";
    } else if (piece.kind == PieceKind::kQuoted) {
      regex = "[^\\s\"\\x27`,;)\\]}]+";
    } else if (place == kNoPlace) {
      regex = "\\d\\S*?";
    } else {
      const Place& p = sample_.places()[place];
      const auto only = [&](PieceKind kind) { return p.kinds[static_cast<size_t>(kind)] == p.count; };
      regex = only(PieceKind::kInteger) ? "\\d+" : only(PieceKind::kUuid) ? "%{uuid}" : "%{id}";
    }
    return group.empty() ? regex : "(?P<" + group + ">" + regex + ")";
  }

  // The piece that names the task's kind: code's name, near the id and before it.
  static size_t NamePiece(const LineTemplate& t, size_t id_piece) {
    for (size_t i = id_piece; i-- > 0 && id_piece - i <= 4;) {
      if (t.pieces[i].kind == PieceKind::kName) return i;
    }
    return t.pieces.size();
  }

  // Anchored at both ends, or up to where details begin. "" if no word of it is literal.
  std::string PatternOf(const LineTemplate& t, uint32_t id_place) const {
    bool literal = false;
    size_t id_piece = t.pieces.size(), name_piece = t.pieces.size();
    for (size_t i = t.pieces.size(); i-- > 0;) {
      if (t.places[i] == kNoPlace || !ids_.is_id[t.places[i]]) continue;
      if (t.places[i] == id_place) id_piece = i;
      name_piece = NamePiece(t, i);
    }
    std::string pattern = "^";
    for (size_t i = 0; i < t.pieces.size(); ++i) {
      const OwnedPiece& piece = t.pieces[i];
      literal = literal || piece.kind == PieceKind::kWord;
      if (piece.kind == PieceKind::kBlank) {
        pattern += piece.text.size() > 1 ? " +" : " ";
      } else if (IsLiteral(piece.kind)) {
        pattern += EscapeRegex(piece.text);
      } else {
        pattern += Slot(piece, t.places[i], i == id_piece ? "task" : i == name_piece ? "name" : "");
      }
    }
    if (!literal) return "";
    return pattern + (t.cut ? "(?:[:;,\\s]|$)" : "$");
  }

  std::string NewId(const LineTemplate& t, const std::string& fallback) {
    std::string id;
    std::string_view words = t.state_value;
    std::string text;
    for (const OwnedPiece& piece : t.pieces) {
      if (piece.kind == PieceKind::kWord) text += piece.text + " ";
    }
    size_t count = 0;
    for (const std::string& word : WordsOf(text + std::string(words))) {
      if (word.size() < 2 || word.size() > 20 || word.find('\'') != std::string::npos || ++count > 3)
        continue;
      id += (id.empty() ? "" : "-") + word;
    }
    if (id.empty()) id = fallback;
    std::string unique = id;
    for (int n = 2; !taken_.insert(unique).second; ++n) unique = id + "-" + std::to_string(n);
    return unique;
  }

  // Everything but the comments; no examples if the template bears no id or no literal word.
  ProposedRule RuleOf(uint32_t index, RuleKind kind) {
    const LineTemplate& t = sample_.templates()[index];
    ProposedRule rule;
    rule.kind = kind;
    const uint32_t place = IdPlaceOf(sample_, ids_, t);
    rule.pattern = PatternOf(t, place);
    if (!t.state_path.empty()) rule.where.emplace_back(t.state_path, t.state_value);
    if (rule.pattern.empty() && rule.where.empty()) return rule;
    if (place == kNoPlace) {
      if (kind != RuleKind::kError) return rule;
    } else if (sample_.places()[place].IsAttribute()) {
      const std::string& path = sample_.attributes()[sample_.places()[place].index];
      rule.capture.emplace_back("task", path);
      task_paths_.insert(path);
    }
    for (const SampleLine& line : t.lines) {
      ProposedExample example{line.raw, true, {}};
      const auto value = line.values.find(place);
      if (place != kNoPlace && value == line.values.end()) continue;
      if (place != kNoPlace) example.expect["task"] = value->second;
      rule.examples.push_back(std::move(example));
      if (rule.examples.size() == 2) break;
    }
    return rule;
  }

  // Lines of other templates with the same ids: the most frequent, and the most frequent that ends.
  void AddNearExamples(uint32_t index, ProposedRule* rule) const {
    const LineTemplate& own = sample_.templates()[index];
    size_t added = 0;
    for (const bool ending : {true, false}) {
      for (const uint32_t t : ByCount()) {
        const LineTemplate& other = sample_.templates()[t];
        if (t == index || roles_[t].records == 0 || other.lines.empty()) continue;
        if (ending != IsEnding(other.outcome) || other.outcome == own.outcome) continue;
        rule->examples.push_back({other.lines[0].raw, false, {}});
        if (++added == kMaxNearExamples) return;
        break;
      }
    }
  }

  void AddLifecycle(uint32_t index) {
    const LineTemplate& t = sample_.templates()[index];
    const LifecycleRole& role = roles_[index];
    const bool start = role.kind == LifecycleRole::Kind::kStart;
    if (rules_ >= kMaxRules) {
      ++left_out_;
      return;
    }
    ProposedRule rule = RuleOf(index, start ? RuleKind::kStart : RuleKind::kTerminal);
    if (rule.examples.empty()) return;
    if (!patterns_.insert(rule.pattern + '\n' + t.state_value).second) return;
    if (!start) rule.state = std::string(StateOf(t.outcome));
    rule.id = NewId(t, start ? "start" : rule.state);
    Comment(t, role, start, &rule);
    AddNearExamples(index, &rule);
    ++rules_;
    proposal_->findings.push_back((start ? "start: " : rule.state + ": ") + Quoted(Shown(t)) + ", " +
                                  std::to_string(t.count) + " times" + (rule.sure ? "" : ", perhaps"));
    proposal_->rules.push_back(std::move(rule));
  }

  static void Comment(const LineTemplate& t, const LifecycleRole& role, bool start, ProposedRule* rule) {
    const std::string seen = "Seen " + std::to_string(t.count) + " times; ";
    if (start) {
      rule->comments.push_back(seen + "first of its task in " + std::to_string(role.firsts) + ".");
      rule->lane = t.outcome != TaskOutcome::kAnnounced && role.other_lane <= role.same_lane;
      if (!rule->lane)
        rule->comments.push_back("It is not logged where the task ends: no lane begins with it.");
      if (role.by_position) rule->comments.push_back("No word says that a task begins: check it.");
      return;
    }
    rule->comments.push_back(seen + "the last word of its task, or attempt, in " +
                             Of(role.endings, role.records) + ".");
    if (role.of_a_part) {
      rule->sure = false;
      rule->comments.push_back("Its words are of a write, not of the task as a whole.");
    }
  }

  // Where ids stand in an attribute that no known rule looks at, all records shall have it.
  void AddTaskField() {
    std::vector<std::string> paths;
    const auto& known = BuiltinFields().paths[static_cast<size_t>(Field::kTask)];
    for (const std::string& path : task_paths_) {
      if (path == "task" && IsField("task")) continue;
      if (std::find(known.begin(), known.end(), path) == known.end()) paths.push_back(path);
    }
    for (uint32_t place = 0; place < ids_.is_id.size(); ++place) {
      const Place& p = sample_.places()[place];
      if (!ids_.is_id[place] || !p.IsAttribute() || 20 * p.count < sample_.notes().size()) continue;
      const std::string& path = sample_.attributes()[p.index];
      if (task_paths_.count(path) > 0 || (path == "task" && IsField(path))) continue;
      if (std::find(known.begin(), known.end(), path) == known.end()) paths.push_back(path);
    }
    if (!paths.empty()) proposal_->fields.emplace_back("task", paths);
    std::string told;
    for (const std::string& path : task_paths_) told += (told.empty() ? "" : ", ") + path;
    if (!ids_.found) return;
    proposal_->findings.insert(proposal_->findings.begin(),
                               "task ids: " + std::to_string(ids_.distinct) + " different, in " +
                                   (told.empty() ? "the messages" : "the field " + told));
  }

  // "task" as a field that formats fill, not as an attribute of that name.
  bool IsField(const std::string& path) const { return sample_.attributes().back() == path; }

  // At error level, unknown, and about a failed write, or something like it.
  void AddError(uint32_t index) {
    const LineTemplate& t = sample_.templates()[index];
    if (2 * t.errors < t.count || t.known_errors > 0 || t.known_terminals + t.known_starts > 0) return;
    if (roles_[index].kind != LifecycleRole::Kind::kNone || t.lines.empty() || errors_ >= kMaxErrors) return;
    const Judgement judged = Judge(t.lines[0].message);
    if (!judged.failed || judged.harmless || judged.operation == Operation::kRead) return;
    const bool sure = judged.operation == Operation::kWrite && !judged.will_retry;
    ProposedRule rule = RuleOf(index, RuleKind::kError);
    if (rule.pattern.empty() || rule.examples.empty()) return;
    if (!patterns_.insert(rule.pattern + "\nerror").second) return;
    rule.sure = sure;
    rule.write = sure;
    rule.capture.clear();  // the record's field says whose it is
    for (ProposedExample& example : rule.examples) {
      if (rule.pattern.find("(?P<task>") == std::string::npos) example.expect.clear();
    }
    rule.id = NewId(t, "error");
    rule.comments.push_back("Seen " + std::to_string(t.count) +
                            " times; no known rule takes it for a write error.");
    if (!sure) rule.comments.push_back("Does it say that a write was lost?");
    ++errors_;
    proposal_->findings.push_back(std::string(sure ? "write error: " : "write error, perhaps: ") +
                                  Quoted(Shown(t)) + ", " + std::to_string(t.count) + " times");
    proposal_->rules.push_back(std::move(rule));
  }

  // Known as a write error, but the known rule does not see whose: its task's id stands in the message.
  void AddErrorOfTask(uint32_t index) {
    const LineTemplate& t = sample_.templates()[index];
    if (2 * t.errors < t.count || 2 * t.known_errors < t.count || t.known_error_tasks > 0) return;
    const uint32_t place = IdPlaceOf(sample_, ids_, t);
    if (place == kNoPlace || sample_.places()[place].IsAttribute() || t.lines.empty()) return;
    if (Judge(t.lines[0].message).operation != Operation::kWrite || errors_ >= kMaxErrors) return;
    ProposedRule rule = RuleOf(index, RuleKind::kError);
    if (rule.pattern.empty() || rule.examples.empty()) return;
    if (!patterns_.insert(rule.pattern + "\nerror").second) return;
    rule.write = rule.role = true;
    rule.id = NewId(t, "error");
    rule.comments.push_back("Seen " + std::to_string(t.count) +
                            " times; known as a write error, but not whose it is.");
    ++errors_;
    proposal_->findings.push_back("write error that names its task: " + Quoted(Shown(t)) + ", " +
                                  std::to_string(t.count) + " times");
    proposal_->rules.push_back(std::move(rule));
  }

  void TellKnown() {
    std::map<std::string, uint64_t> known;
    for (const LineTemplate& t : sample_.templates()) {
      for (const auto& [rule, count] : t.known_rules) known[rule] += count;
    }
    std::string told;
    for (const auto& [rule, count] : known) {
      told += (told.empty() ? "" : ", ") + rule + " (" + std::to_string(count) + ")";
    }
    if (!told.empty()) proposal_->findings.push_back("known already: " + told);
  }

  const LogSample& sample_;
  const TaskIds& ids_;
  const std::vector<LifecycleRole>& roles_;
  Proposal* proposal_;
  std::set<std::string> taken_, task_paths_, patterns_;
  size_t rules_ = 0, errors_ = 0;
  uint64_t left_out_ = 0;
};

}  // namespace

bool Proposal::HasSuccess() const {
  return std::any_of(rules.begin(), rules.end(),
                     [](const ProposedRule& rule) { return rule.sure && rule.state == "succeeded"; });
}

void ProposeRules(const LogSample& sample, const TaskIds& ids, const std::vector<LifecycleRole>& roles,
                  Proposal* proposal) {
  Proposer(sample, ids, roles, proposal).Run();
}

}  // namespace gainsay
