// What makes reading a line fast, and its slow twins: rules chosen by the texts in a message against all
// rules tried, text formats told and taken apart by automata of our own against each format's regex, the walk
// over a JSON object against simdjson's own, objects compared with shapes that are known against this walk.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "builtin_engine.h"
#include "event/alternatives.h"
#include "event/matcher.h"
#include "re2/re2.h"
#include "real_logs.h"
#include "record/decode.h"
#include "record/json.h"
#include "record/json_shape.h"
#include "record/reader.h"

namespace gainsay {
namespace {

// The lines of a log, unpacked.
std::vector<std::string> LinesOf(const std::string& path) {
  const std::string text = Unpacked(path);
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// Every so many lines of real logs, and the examples of all rules.
std::vector<std::string> Lines(size_t of_a_log) {
  std::vector<std::string> lines;
  for (const std::filesystem::path& path : RealLogs()) {
    const std::vector<std::string> all = LinesOf(path);
    const size_t step = std::max<size_t>(1, all.size() / of_a_log);
    for (size_t i = 0; i < all.size(); i += step) lines.push_back(all[i]);
  }
  for (const Pack& pack : BuiltinEngine().rules().packs) {
    for (const Rule& rule : pack.rules) {
      for (const Example& example : rule.examples) lines.push_back(example.log);
    }
    for (const TextFormat& format : pack.texts) {
      for (const Example& example : format.examples) lines.push_back(example.log);
    }
  }
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

void Mutate(std::string* line, const std::vector<std::string>& others, std::mt19937* random) {
  if (line->empty()) return;
  const auto pick = [&](size_t n) { return (*random)() % n; };
  const size_t at = pick(line->size());
  const std::string& other = others[pick(others.size())];
  switch (pick(6)) {
    case 0:
      (*line)[at] = static_cast<char>(pick(256));
      break;
    case 1:
      line->resize(at);
      break;
    case 2:
      line->insert(at, other.substr(other.empty() ? 0 : pick(other.size()), 30));
      break;
    case 3:
      line->erase(at, 1 + pick(5));
      break;
    case 4: {
      static constexpr const char* kPieces[] = {
          "\"",       "\\",           "{",     "}",    "[", "]",   ",", ":", " ", "null", "-1e5", "\t",
          "\xC5\xBF", "\xE2\x84\xAA", "ERROR", "not ", "0", "\xff"};
      line->insert(at, kPieces[pick(std::size(kPieces))]);
      break;
    }
    default:
      for (char& c : *line)
        c = pick(2) == 0 ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
  }
}

void ForEachRecord(const std::string& log, const std::function<void(const Record&)>& visit) {
  std::vector<char> bytes(log.begin(), log.end());
  bytes.insert(bytes.end(), kChunkPadding, '}');
  RecordReader reader(BuiltinEngine().plan(), BuiltinEngine().texts(), absl::UTCTimeZone());
  Chunk chunk;
  chunk.bytes = {bytes.data(), log.size()};
  reader.Open(chunk, 0);
  while (const Record* record = reader.Next()) visit(*record);
}

// The rule of each kind's first event, as all rules give it that are tried one by one.
std::map<RuleKind, std::string> Tried(const Record& record) {
  std::map<RuleKind, std::string> first;
  for (const RuleTrace& trace : BuiltinEngine().matcher().Explain(record)) {
    if (trace.fired) first.try_emplace(trace.rule->kind, trace.rule->FullId());
  }
  if (first.count(RuleKind::kTerminal) > 0 || first.count(RuleKind::kStart) > 0)
    first.erase(RuleKind::kError);
  return first;
}

TEST(Matcher, ChoosesTheRulesThatAllRulesTriedGive) {
  std::mt19937 random(7);
  const std::vector<std::string> lines = Lines(60);
  MatchScratch scratch;
  size_t events = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string line = lines[i];
    if (i % 3 == 2) Mutate(&line, lines, &random);
    ForEachRecord(line, [&](const Record& record) {
      BuiltinEngine().matcher().Match(record, &scratch);
      std::map<RuleKind, std::string> chosen;
      for (const Event& event : scratch.events) {
        chosen[event.kind] = BuiltinEngine().matcher().rule(event.rule).FullId();
      }
      EXPECT_EQ(chosen, Tried(record)) << record.raw;
      events += chosen.size();
    });
  }
  EXPECT_GT(events, lines.size() / 4) << "too little to compare";
}

// The formats' own regexes, one after the other.
class OneByOne {
 public:
  OneByOne() {
    RE2::Options options;
    options.set_log_errors(false);
    for (const Pack& pack : BuiltinEngine().rules().packs) {
      for (const TextFormat& format : pack.texts) {
        ids_.push_back(format.id);
        regexes_.push_back(std::make_unique<RE2>(format.pattern, options));
      }
    }
  }
  // The first that matches, and what it captures.
  std::string Find(const std::string& text) const {
    for (size_t i = 0; i < regexes_.size(); ++i) {
      std::vector<re2::StringPiece> parts(static_cast<size_t>(1 + regexes_[i]->NumberOfCapturingGroups()));
      if (!regexes_[i]->Match(text, 0, text.size(), RE2::UNANCHORED, parts.data(),
                              static_cast<int>(parts.size())))
        continue;
      TextParts captured;
      for (const auto& [name, number] : regexes_[i]->NamedCapturingGroups()) {
        const re2::StringPiece& part = parts[static_cast<size_t>(number)];
        if (const std::optional<Field> field = FieldByName(name)) {
          captured.fields[static_cast<size_t>(*field)] = {part.data(), part.size()};
        }
      }
      return ids_[i] + Told(captured);
    }
    return "none";
  }
  // All but the level, of which not each is taken.
  static std::string Told(const TextParts& parts) {
    std::string told;
    for (size_t i = 0; i < kFieldCount; ++i) {
      if (static_cast<Field>(i) != Field::kLevel) told += "|" + std::string(parts.fields[i]);
    }
    return told;
  }

 private:
  std::vector<std::string> ids_;
  std::vector<std::unique_ptr<RE2>> regexes_;
};

TEST(TextFormats, GiveTheFirstFormatThatMatches) {
  std::mt19937 random(8);
  const OneByOne one_by_one;
  const std::vector<std::string> lines = Lines(150);
  std::vector<std::string> texts = lines;
  for (const std::string& line : lines) {
    ForEachRecord(line, [&](const Record& record) { texts.emplace_back(record.message); });
  }
  size_t found = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    std::string text = texts[i].substr(0, texts[i].find('\n'));
    if (i % 2 == 1) Mutate(&text, texts, &random);
    // The reader sees to it that there is nothing but UTF-8.
    if (text.find('\n') != std::string::npos || !IsUtf8(text)) continue;
    TextParts parts;
    std::string fast = "none";
    const bool matches = BuiltinEngine().texts().Match(text, &parts);
    if (matches) {
      fast = parts.format->id + OneByOne::Told(parts);
      ++found;
    }
    EXPECT_EQ(fast, one_by_one.Find(text)) << text;
    EXPECT_EQ(BuiltinEngine().texts().Matches(text), matches) << text;
  }
  EXPECT_GT(found, 1000u);
}

// Where the first match begins; npos: nowhere.
size_t FirstMatch(const RE2& regex, std::string_view text) {
  re2::StringPiece match;
  if (!regex.Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED, &match, 1)) {
    return std::string_view::npos;
  }
  return static_cast<size_t>(match.data() - text.data());
}

void ExpectSameMatches(const std::string& regex, const std::vector<std::string>& texts, size_t* matches) {
  RE2::Options options;
  options.set_log_errors(false);
  const RE2 whole(regex, options);
  ASSERT_TRUE(whole.ok()) << regex;
  std::vector<std::unique_ptr<RE2>> parts;
  for (const Alternative& one : SplitAlternatives(regex)) {
    parts.push_back(std::make_unique<RE2>(one.flags + one.regex, options));
    ASSERT_TRUE(parts.back()->ok()) << one.flags << one.regex;
  }
  for (const std::string& text : texts) {
    size_t first = std::string_view::npos;
    for (const auto& part : parts) first = std::min(first, FirstMatch(*part, text));
    EXPECT_EQ(first, FirstMatch(whole, text)) << regex << " in " << text;
    *matches += first == std::string_view::npos ? 0 : 1;
  }
}

TEST(Alternatives, MatchWhereTheWholeRegexDoes) {
  std::mt19937 random(14);
  std::vector<std::string> lines = Lines(5);
  for (size_t i = 0, n = lines.size(); i < n; i += 3) {
    lines.push_back(lines[i]);
    Mutate(&lines.back(), lines, &random);
  }
  size_t matches = 0, regexes = 0;
  for (const Pack& pack : BuiltinEngine().rules().packs) {
    for (const Reason& reason : pack.reasons) {
      for (const std::string* regex : {&reason.pattern, &reason.store}) {
        if (regex->empty()) continue;
        regexes += SplitAlternatives(*regex).size();
        std::vector<std::string> some;
        for (const Example& example : reason.examples) some.push_back(example.log);
        for (size_t i = random() % 8; i < lines.size(); i += 8) some.push_back(lines[i]);
        ExpectSameMatches(*regex, some, &matches);
      }
    }
  }
  EXPECT_GT(regexes, 300u);
  EXPECT_GT(matches, 100u);
}

TEST(Reasons, AreThoseThatTheWholeRegexesGive) {
  std::mt19937 random(15);
  std::vector<std::string> lines = Lines(4);
  std::vector<std::pair<std::string, std::unique_ptr<RE2>>> regexes;
  RE2::Options options;
  options.set_log_errors(false);
  for (const Pack& pack : BuiltinEngine().rules().packs) {
    for (const Reason& reason : pack.reasons) {
      for (const Example& example : reason.examples) lines.push_back(example.log);
      for (const std::string* regex : {&reason.store, &reason.pattern}) {
        if (!regex->empty()) regexes.emplace_back(reason.id, std::make_unique<RE2>(*regex, options));
      }
    }
  }
  size_t found = 0;
  const Matcher& matcher = BuiltinEngine().matcher();
  for (size_t i = 0; i < lines.size(); i += i + 500 < lines.size() ? 5 : 1) {
    std::string line = lines[i];
    if (i % 3 == 2) Mutate(&line, lines, &random);
    std::vector<std::string> expected, given;
    for (const auto& [id, regex] : regexes) {
      if (!expected.empty() && std::find(expected.begin(), expected.end(), id) != expected.end()) continue;
      if (RE2::PartialMatch(line, *regex)) expected.push_back(id);
    }
    for (const uint16_t reason : matcher.ReasonsIn(line)) given.push_back(matcher.reason_name(reason));
    EXPECT_EQ(given, expected) << line;
    EXPECT_EQ(matcher.reason_name(matcher.ClassifyReason(line)), expected.empty() ? "other" : expected[0])
        << line;
    found += expected.size();
  }
  EXPECT_GT(found, 150u);
}

TEST(Alternatives, KeepTheirFlags) {
  const std::vector<std::string> texts = {"a",   "A",    "b", "B", "c", "xC", "D",  "d", "ab|c",
                                          "a.b", "a\nb", "(", "|", "",  "aB", "EF", "e"};
  size_t matches = 0;
  for (const char* regex : {"(?i)a|b",
                            "a|(?i)b|c",
                            "(?i:a|b)|c",
                            "(?:a|(?i)b|c)|d",
                            "a(?i)b|c",
                            "(?:(?i)a|b|(?-i)c)|d",
                            "(?i:a)|(?:b|(?i:c|d))",
                            "a|b[|]c|\\|",
                            "(?i)(?:a|b)|(?-i)c|d",
                            "(a|b)|c",
                            "(?:a|b)c|d",
                            "(?P<x>a|b)",
                            "(?s)a.b|c",
                            "(?s:a.b|c)|a.b",
                            "a|",
                            "(?i)",
                            "[(]|\\(a",
                            "(?:a|b)(?:c|d)|e",
                            "(?i:(?-i:a|b)|c)",
                            "\\Qa|b\\E|c",
                            "(?:(?:a))|(?:(?i:e|f))"}) {
    ExpectSameMatches(regex, texts, &matches);
  }
  EXPECT_GT(matches, 100u);
  EXPECT_EQ(SplitAlternatives("(?i:a|b)|(?:c|d)e|(?:f)").size(), 4u);
}

// simdjson's own reader, which walks the same places: the top values as they stand, or none.
std::optional<std::map<std::string, std::string>> Walk(std::string_view text) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text.data(), text.size()).get(object)) return std::nullopt;
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : object) {
    std::string_view string;
    values[std::string(key)] = value.get(string) ? "" : std::string(string);
  }
  return values;
}

TEST(JsonObject, ReadsWhatSimdjsonReads) {
  std::mt19937 random(10);
  std::vector<std::string> lines = Lines(300);
  std::erase_if(lines, [](const std::string& line) { return !line.starts_with('{'); });
  const std::vector<std::string> paths = {"message", "msg", "level", "time",
                                          "MESSAGE", "log", "name",  "logger"};
  const FieldPlan plan = FieldPlan::Compile(RuleSet{}, paths);
  JsonObject object(plan);
  size_t whole = 0, broken = 0;
  for (int round = 0; round < 4; ++round) {
    for (std::string line : lines) {
      if (round > 0) Mutate(&line, lines, &random);
      const std::optional<std::map<std::string, std::string>> expected = Walk(line);
      std::vector<char> bytes(line.begin(), line.end());
      bytes.insert(bytes.end(), kChunkPadding, '"');
      const bool read = object.Read({bytes.data(), line.size()});
      // What simdjson refuses may still be read: bytes that are no UTF-8, numbers too large, lone surrogates.
      if (!expected) {
        ++broken;
        continue;
      }
      ++whole;
      EXPECT_TRUE(read) << line;
      for (const std::string& path : paths) {
        const JsonValue& value = object.value(plan.Slot(path));
        const auto found = expected->find(path);
        if (found == expected->end() || found->second.empty()) continue;
        EXPECT_EQ(value.text, found->second) << line;
      }
    }
  }
  EXPECT_GT(whole, 3000u);
  EXPECT_GT(broken, 1000u);
}

// The text, followed by what may be read behind it.
std::vector<char> Padded(const std::string& text, char padding) {
  std::vector<char> bytes(text.begin(), text.end());
  bytes.insert(bytes.end(), kChunkPadding, padding);
  return bytes;
}

// What an object says, in the order in which it was found.
std::string Told(const JsonObject& object, bool read) {
  std::string told = read ? "read" : "refused";
  if (!read) return told;
  if (object.repaired_utf8()) told += " repaired";
  for (const uint32_t slot : object.filled()) {
    const JsonValue& value = object.value(slot);
    for (const size_t number : {size_t{slot}, static_cast<size_t>(value.kind), size_t{value.depth}}) {
      told.append(" ").append(std::to_string(number));
    }
    told.append(":").append(value.text);
  }
  told += " present";
  for (const uint32_t slot : object.present().slots) told.append(" ").append(std::to_string(slot));
  told.append(" ").append(std::to_string(object.present().hash));
  return told;
}

// An object that somebody observes is always walked over.
TEST(JsonObject, OfAKnownShapeIsReadAsAnyOther) {
  std::mt19937 random(11);
  std::vector<std::string> lines = Lines(150);
  std::erase_if(lines, [](const std::string& line) { return !line.starts_with('{'); });
  for (
      const char* line :
      {R"({"a":{"message":"x","level":3},"event":{"action":"y"},"msg":null,"error":{"a":{"b":true}}})",
       R"({"log":{"level":"info","logger":"a"},"tags":["a","\"]","b"],"n":[1,-2.5e3,null],"error":[],"ok":false})",
       R"({ "message" : "a\u00e4\"b" , "time" : -1.5 , "MESSAGE":[72,105], "a\u0062":"c", "exception" : { } })",
       R"({"message":"a","message":"b","host":{"name":"c"},"host.name":"d","pid":0,"level":"e"})"}) {
    lines.push_back(line);
  }
  const FieldPlan& plan = BuiltinEngine().plan();
  AttributePaths paths;
  JsonObject slow(plan);
  slow.Observe(&paths);
  size_t read = 0, refused = 0;
  for (const std::string& line : lines) {
    JsonObject fast(plan);
    for (int round = 0; round < 8; ++round) {
      std::string text = line;
      if (round > 1) Mutate(&text, lines, &random);
      const std::vector<char> fast_bytes = Padded(text, '"'), slow_bytes = Padded(text, '}');
      const std::string told = Told(fast, fast.Read({fast_bytes.data(), text.size()}));
      ASSERT_EQ(told, Told(slow, slow.Read({slow_bytes.data(), text.size()}))) << line << "\n" << text;
      ++(told == "refused" ? refused : read);
    }
  }
  EXPECT_GT(read, 3000u);
  EXPECT_GT(refused, 1000u);
}

TEST(JsonShapes, KnowWhatTheyHaveSeen) {
  const FieldPlan plan = FieldPlan::Compile(RuleSet{}, {"a", "b.c", "d"});
  JsonShapes shapes(plan);
  const JsonShape* shape = nullptr;
  std::vector<char> bytes;  // what the texts are views of
  const auto match = [&](const std::string& text) {
    bytes = Padded(text, '"');
    const std::string_view view(bytes.data(), text.size());
    shape = shapes.Match(view);
    if (shape != nullptr) return true;
    JsonObject object(plan);
    if (object.Read(view)) shapes.Learn(view);
    return false;
  };
  EXPECT_FALSE(match(R"({"a":"x","b":{"c":1},"d":["y"],"e":true})"));
  EXPECT_TRUE(match(R"({"a":"a longer text\n than eight or sixteen bytes","b":{"c":-2.5},"d":[],"e":true})"));
  ASSERT_EQ(shape->places.size(), 3u);
  EXPECT_FALSE(shape->plain);
  EXPECT_TRUE(shapes.text(0).escaped);
  EXPECT_EQ(shapes.text(1).text, "-2.5");
  EXPECT_EQ(shape->places[2].kind, JsonKind::kArray);
  for (const char* other :
       {R"({"a":"x","b":{"c":1},"d":["y"],"e":false})", R"({"a":"x","b":{"c":"1"},"d":["y"],"e":true})",
        R"({"a":"x","b":{"c":1},"d":["y"],"e":true,"f":1})"}) {
    EXPECT_FALSE(match(other));
    EXPECT_TRUE(match(other));
  }
  for (const char* broken :
       {R"({"a":"x","b":{"c":01},"d":["y"],"e":true})", R"({"a":"x","b":{"c":1},"d":["y",],"e":true})",
        R"({"a":"x","b":{"c":1},"d":["y"],"e":true}})", "{\"a\":\"x\t\",\"b\":{\"c\":1},\"d\":[],\"e\":true}",
        "{\"a\":\"\xff\",\"b\":{\"c\":1},\"d\":[],\"e\":true}"}) {
    EXPECT_FALSE(match(broken)) << broken;
    EXPECT_FALSE(match(broken)) << broken;
  }
  // What never comes again is no longer tried.
  for (int i = 0; i < 5000; ++i) match("{\"k" + std::to_string(i) + "\":1}");
}

TEST(JsonObject, RefusesWhatIsNoObject) {
  const FieldPlan plan = FieldPlan::Compile(RuleSet{}, {"a"});
  JsonObject object(plan);
  for (const char* text :
       {"{\"a\"}",      "{\"a\":}",    "{\"a\":1,}",  "{,}",        "{\"a\":1}}",     "{{}",
        "{\"a\":[1,]}", "{\"a\":[1}",  "{\"a\":tru}", "{\"a\":01}", "{\"a\":\"x\"y}", "{\"a\"\"b\":1}",
        "{\"a\":1 2}",  "{a:1}",       "{\"a\":{}",   "{\"a\":]}",  "{\"a\":\"}",     "{\"a\":1,\"b\"}",
        "{\"a\":--1}",  "{\"a\":1:2}", "{\"a\" x:1}", "{}{}",       "{1:2}",          "{\"a\":[}",
        "{\"a\":nul}",  "{\"a\":[[]}"}) {
    std::string padded(text);
    const size_t size = padded.size();
    padded.append(kChunkPadding, '}');
    EXPECT_FALSE(object.Read(std::string_view(padded).substr(0, size))) << text;
  }
  for (const char* text :
       {"{}", "{ \"a\" : 1 }", "{\"a\":[]}", "{\"a\":[1,[2,{}]],\"b\":{\"c\":null}}", "{\"\":0}"}) {
    std::string padded(text);
    const size_t size = padded.size();
    padded.append(kChunkPadding, '"');
    EXPECT_TRUE(object.Read(std::string_view(padded).substr(0, size))) << text;
  }
}

// Strings are unescaped in blocks up to the next backslash; a piece at a time there is no block.
TEST(UnescapeJson, GivesWhatItsPiecesGive) {
  std::mt19937 random(5);
  static constexpr const char* kPieces[] = {"a",       "plain",          "\\\\",    "\\\"",     "\\n",
                                            "\\u00e9", "\\ud83d\\ude00", "\\ud83d", "\xC3\xA9", "0123456789"};
  for (int i = 0; i < 50'000; ++i) {
    std::string escaped, plain;
    for (auto k = 1 + random() % 12; k > 0; --k) {
      const std::string_view piece = kPieces[random() % std::size(kPieces)];
      if (escaped.ends_with("d83d") && piece.starts_with("\\u")) continue;  // would be its partner
      std::vector<char> out(piece.size());
      escaped += piece;
      plain.append(out.data(), UnescapeJson(piece, out.data()));
    }
    // No more room than was promised.
    const std::vector<char> exact(escaped.begin(), escaped.end());
    std::vector<char> out(exact.size());
    const char* end = UnescapeJson({exact.data(), exact.size()}, out.data());
    ASSERT_NE(end, nullptr) << escaped;
    ASSERT_EQ(std::string(out.data(), static_cast<size_t>(end - out.data())), plain) << escaped;
    escaped += random() % 2 == 0 ? "\\x" : "\\";
    out.resize(escaped.size());
    ASSERT_EQ(UnescapeJson(escaped, out.data()), nullptr) << escaped;
  }
}

}  // namespace
}  // namespace gainsay
