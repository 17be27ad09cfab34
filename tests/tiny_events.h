// Events in a tiny text form, for tests of the task room:
//
//   10 start a; 20 error a secondary s=doc7; 30 ok a; cut 1
//
// An item is a time, a word (start mention error fix ok fail cancel retry), a task id ('-' for none) and any
// of: a role; t=target s=subject r=run n=attempt q=queue h=host d=pid w=worker y=thread x=trace m=message
// e=error c=context u=unit i=invocation p=pack @source; field (the id is the record's, not captured), words
// (the id is a word of the message), away (lane = false), here (of events
// without a lane: their source may be one). Packs: plain (the default), store, queued
// (scope = ["queue"]), unit (outer). "cut N" cuts source N.
//
// The events of a sequence are in input order; they are views into the text, which must outlive them.
#ifndef GAINSAY_TESTS_TINY_EVENTS_H_
#define GAINSAY_TESTS_TINY_EVENTS_H_

#include <charconv>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/event.h"
#include "event/matcher.h"
#include "record/fields.h"
#include "rule/rule.h"

namespace gainsay::tiny {

struct Sequence {
  std::vector<Event> events;
  std::set<uint32_t> cut_sources;
};

struct Word {
  std::string_view text;
  RuleKind kind;
  State state = State::kNone;
};
inline constexpr Word kWords[] = {{"start", RuleKind::kStart},
                                  {"mention", RuleKind::kMention},
                                  {"error", RuleKind::kError},
                                  {"fix", RuleKind::kResolution},
                                  {"ok", RuleKind::kTerminal, State::kSucceeded},
                                  {"fail", RuleKind::kTerminal, State::kFailed},
                                  {"cancel", RuleKind::kTerminal, State::kCancelled},
                                  {"retry", RuleKind::kTerminal, State::kRetrying}};
inline constexpr std::string_view kPacks[] = {"plain", "store", "queued", "unit"};
inline constexpr size_t kUnitPack = 3;

struct Option {
  char letter;
  std::string_view Event::*member;
};
inline constexpr Option kOptions[] = {
    {'t', &Event::target},  {'s', &Event::subject}, {'r', &Event::run},        {'n', &Event::attempt},
    {'q', &Event::queue},   {'h', &Event::host},    {'u', &Event::outer_task}, {'i', &Event::outer_run},
    {'d', &Event::pid},     {'w', &Event::lane},    {'y', &Event::thread},     {'x', &Event::trace},
    {'m', &Event::message}, {'e', &Event::error},   {'c', &Event::context}};

// A rule of each pack for each word; the rule of word w in pack p has the index p * 8 + w.
inline RuleSet MakeRules() {
  RuleSet rules;
  for (std::string_view id : kPacks) {
    Pack pack;
    pack.id = id;
    pack.outer = id == "unit";
    if (id == "queued") pack.scope = {"queue"};
    for (const Word& word : kWords) {
      Rule rule;
      rule.kind = word.kind;
      rule.state = word.state;
      rule.pack = pack.id;
      rule.id = word.text;
      rule.pattern = pack.id + " " + rule.id;
      pack.rules.push_back(rule);
    }
    rules.packs.push_back(pack);
  }
  return rules;
}

inline const Matcher& TestMatcher() {
  static const RuleSet rules = MakeRules();
  static const FieldPlan plan = FieldPlan::Compile(rules);
  static const absl::StatusOr<Matcher> matcher = Matcher::Compile(rules, plan);
  if (!matcher.ok()) {
    std::cerr << matcher.status() << "\n";
    std::abort();
  }
  return *matcher;
}

inline bool HasLane(const Event& e) { return !e.pid.empty() || !e.lane.empty() || !e.thread.empty(); }

// What the matcher does with what a rule captured: the index of the rule, and an outer system's task and run.
inline void Complete(size_t pack, size_t word, Event* e) {
  e->rule = static_cast<uint16_t>(pack * std::size(kWords) + word);
  e->kind = kWords[word].kind;
  e->state = kWords[word].state;
  e->outer = pack == kUnitPack;
  if (!HasLane(*e)) e->lane_allowed = false;
  if (e->task.empty()) {
    e->matched_by = MatchedBy::kNone;
  } else if (e->matched_by == MatchedBy::kNone) {
    e->matched_by = MatchedBy::kTask;
  }
  if (!e->outer) return;
  if (e->task.empty() && !e->outer_task.empty()) {
    e->task = e->outer_task;
    e->matched_by = MatchedBy::kField;
  }
  if (e->run.empty()) e->run = e->outer_run;
}

// Input order is the order in the sequence.
inline void Number(std::vector<Event>* events) {
  for (size_t i = 0; i < events->size(); ++i) {
    (*events)[i].position.line = i + 1;
    (*events)[i].position.offset = i;
  }
}

inline std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

inline int64_t ToNumber(std::string_view text) {
  int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    std::cerr << "not a number: " << text << "\n";
    std::abort();
  }
  return number;
}

template <typename Table, typename Matches>
size_t IndexIn(const Table& table, std::string_view what, Matches matches) {
  for (size_t i = 0; i < std::size(table); ++i) {
    if (matches(table[i])) return i;
  }
  std::cerr << "unknown word: " << what << "\n";
  std::abort();
}

// Words that stand alone. False if it is none of them.
inline bool TakeFlag(std::string_view flag, Event* e) {
  if (flag == "away") {
    e->lane_allowed = false;
  } else if (flag == "words") {
    e->task_in_text = true;
  } else if (flag == "field") {
    e->matched_by = MatchedBy::kField;
  } else {
    return false;
  }
  return true;
}

inline std::string FlagsOf(const Event& e) {
  std::string flags;
  if (HasLane(e) && !e.lane_allowed) flags += " away";
  if (!HasLane(e) && e.lane_allowed) flags += " here";
  if (e.task_in_text) flags += " words";
  if (!e.outer && e.matched_by == MatchedBy::kField) flags += " field";
  return flags;
}

inline Event ParseEvent(const std::vector<std::string_view>& words) {
  Event e;
  size_t pack = 0;
  bool here = false;
  e.time_ns = ToNumber(words.at(0)) * kSecond;
  const size_t word = IndexIn(kWords, words.at(1), [&](const Word& w) { return w.text == words[1]; });
  if (words.at(2) != "-") e.task = words[2];
  for (size_t i = 3; i < words.size(); ++i) {
    const std::string_view option = words[i];
    if (option[0] == '@') {
      e.position.source = static_cast<uint32_t>(ToNumber(option.substr(1)));
    } else if (option.starts_with("p=")) {
      pack = IndexIn(kPacks, option, [&](std::string_view id) { return id == option.substr(2); });
    } else if (option.size() > 1 && option[1] == '=') {
      const size_t at = IndexIn(kOptions, option, [&](const Option& o) { return o.letter == option[0]; });
      e.*kOptions[at].member = option.substr(2);
    } else if (option == "here") {
      here = true;
    } else if (!TakeFlag(option, &e)) {
      e.role = option;
    }
  }
  Complete(pack, word, &e);
  if (here) e.lane_allowed = true;
  return e;
}

inline Sequence Parse(std::string_view text) {
  Sequence sequence;
  for (std::string_view item : Split(text, ';')) {
    const std::vector<std::string_view> words = Split(item, ' ');
    if (words.at(0) == "cut") {
      sequence.cut_sources.insert(static_cast<uint32_t>(ToNumber(words.at(1))));
    } else {
      sequence.events.push_back(ParseEvent(words));
    }
  }
  Number(&sequence.events);
  return sequence;
}

inline std::string ToText(const Sequence& sequence) {
  std::string text;
  for (const Event& e : sequence.events) {
    const size_t pack = e.rule / std::size(kWords);
    if (!text.empty()) text += "; ";
    text += std::to_string(e.time_ns / kSecond) + " " + std::string(kWords[e.rule % std::size(kWords)].text) +
            " " + std::string(e.task.empty() ? "-" : e.task);
    if (!e.role.empty()) text += " " + std::string(e.role);
    for (const Option& option : kOptions) {
      if (!(e.*option.member).empty())
        text += std::string(" ") + option.letter + "=" + std::string(e.*option.member);
    }
    text += FlagsOf(e);
    if (pack != 0) text += " p=" + std::string(kPacks[pack]);
    if (e.position.source != 0) text += " @" + std::to_string(e.position.source);
  }
  for (uint32_t source : sequence.cut_sources) text += "; cut " + std::to_string(source);
  return text;
}

// What events are called in answers: their time, with a letter where several have the same.
class Labels {
 public:
  explicit Labels(const std::vector<Event>& events) {
    std::map<int64_t, char> next;
    for (const Event& e : events) {
      std::string label = std::to_string(e.time_ns / kSecond);
      auto [letter, first] = next.try_emplace(e.time_ns, 'b');
      if (!first) label += letter->second++;
      labels_.push_back(std::move(label));
    }
  }
  const std::string& Of(const Event& e) const { return labels_.at(e.position.line - 1); }

 private:
  std::vector<std::string> labels_;
};

}  // namespace gainsay::tiny

#endif  // GAINSAY_TESTS_TINY_EVENTS_H_
