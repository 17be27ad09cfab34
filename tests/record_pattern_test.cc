// The automata for text formats against RE2: which of many patterns may match a text, and what a pattern's
// groups hold, for patterns and texts made at random and for the built-in formats' own.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "re2/re2.h"
#include "record/pattern_heads.h"
#include "record/pattern_program.h"
#include "record/text.h"
#include "rule/loader.h"

namespace gainsay {
namespace {

// What patterns may be made of.
const std::vector<std::string> kPatterns = {"^a+b{2,3}?c",
                                            "^(?:ab|c(?P<x>d|e)*)f$",
                                            "(?s)^.{3}x",
                                            "^(?i)k[st]x",
                                            "^(?i:ks)|^a",
                                            "^[^a-c]b",
                                            "^[\\w.-]+: \\d{2}",
                                            "^\xC3\xA9+a",
                                            "^[\xC3\xA9-\xC3\xBC]x",
                                            "^\\x{e9}\\x41",
                                            "(?:(?s)^a\\.b)",
                                            "^a|b",
                                            "^(?:a|^)b",
                                            "^\\bab\\b",
                                            "^[]a]x[\\]b]",
                                            "^a{0}b",
                                            "^(?:a?){3}b",
                                            "^(?:)a",
                                            "^\\S\\s\\W\\D",
                                            "^a(?i)b|c",
                                            "^\\Qa.\\Eb",
                                            "^[[:alpha:]]b",
                                            "^a{,2}b",
                                            "^$",
                                            "(?i)^\\x4b",
                                            "^(?-i:K)\\t[\\d_]",
                                            "^a\\zb|^c",
                                            "(?m)^b",
                                            "^(?:x{20}){3}|ab",
                                            "^.?(?:b|c)$"};

const std::string kLetters[] = {"a",
                                "b",
                                "c",
                                "d",
                                "e",
                                "f",
                                "k",
                                "K",
                                "s",
                                "t",
                                "x",
                                "X",
                                ".",
                                ":",
                                " ",
                                "\t",
                                "]",
                                "_",
                                "A",
                                "1",
                                "23",
                                "\xC3\xA9",
                                "\xE2\x84\xAA",
                                "\xC5\xBF",
                                "{,2}",
                                "\n"};

std::string RandomText(size_t most, std::mt19937* random) {
  std::string text;
  for (size_t n = (*random)() % (most + 1); n > 0; --n) text += kLetters[(*random)() % std::size(kLetters)];
  return text;
}

std::string RandomPattern(int depth, int* groups, std::mt19937* random) {
  static constexpr const char* kAtoms[] = {
      "a",   "b",      "c",      ".",         "[ab]",        "[^a]",  "[^ab:]", "\\d", "\\w", "\\S",
      "\\s", "(?i:k)", "\\b",    "\\x41",     "\xC3\xA9",    "[a-f]", "$",      "x",   "ab",  "(?s:.)",
      "\\W", "\\D",    "[\\d:]", "(?i:[^s])", "[^\xC3\xA9]", "]",     "1",      "\\B", " ",   ":"};
  static constexpr const char* kRepeats[] = {"*",  "+",   "?",     "*?",    "+?",
                                             "??", "{2}", "{1,2}", "{2,}?", "{0,3}"};
  const auto pick = [random](size_t n) { return (*random)() % n; };
  std::string pattern;
  for (size_t n = 1 + pick(4); n > 0; --n) {
    std::string atom;
    if (depth > 0 && pick(3) == 0) {
      const bool named = pick(2) == 0;
      atom = named ? "(?P<g" + std::to_string((*groups)++) + ">" : "(?:";
      atom += RandomPattern(depth - 1, groups, random);
      while (pick(3) == 0) atom += "|" + RandomPattern(depth - 1, groups, random);
      atom += ")";
    } else {
      atom = kAtoms[pick(std::size(kAtoms))];
    }
    if (atom == "ab") pattern += "a", atom = "b";
    if (pick(3) == 0) atom += kRepeats[pick(std::size(kRepeats))];
    pattern += atom;
  }
  return pattern;
}

RE2::Options Quiet() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

TEST(PatternHeads, LetThroughWhateverMatches) {
  std::mt19937 random(9);
  size_t anchored = 0;
  for (const std::string& pattern : kPatterns) {
    const RE2 regex(pattern, Quiet());
    PatternHeads heads;
    heads.Add(pattern);
    anchored += heads.Find("~").empty() ? 1 : 0;
    for (int i = 0; i < 20000; ++i) {
      const std::string text = RandomText(5, &random);
      if (RE2::PartialMatch(text, regex)) {
        EXPECT_EQ(heads.Find(text).size(), 1u) << pattern << " matches '" << text << "'";
      }
    }
  }
  EXPECT_GT(anchored, kPatterns.size() / 2);
}

TEST(PatternHeads, LetThroughWhateverMatchesOfManyAtOnce) {
  std::mt19937 random(11);
  size_t left_out = 0, matches = 0;
  for (int round = 0; round < 8; ++round) {
    PatternHeads heads;
    std::vector<std::unique_ptr<RE2>> regexes;
    while (regexes.size() < 60) {
      int groups = 0;
      const std::string pattern = "^" + RandomPattern(2, &groups, &random);
      auto regex = std::make_unique<RE2>(pattern, Quiet());
      if (!regex->ok()) continue;
      heads.Add(pattern);
      regexes.push_back(std::move(regex));
    }
    // Enough of them that there are more states than are kept.
    for (int i = 0; i < 1500; ++i) {
      const std::string text = RandomText(12, &random);
      const std::vector<uint32_t>& found = heads.Find(text);
      for (uint32_t number = 0; number < regexes.size(); ++number) {
        const bool may = std::binary_search(found.begin(), found.end(), number);
        left_out += may ? 0 : 1;
        if (!RE2::PartialMatch(text, *regexes[number])) continue;
        ++matches;
        EXPECT_TRUE(may) << regexes[number]->pattern() << " matches '" << text << "'";
      }
    }
  }
  EXPECT_GT(left_out, 50000u);
  EXPECT_GT(matches, 50000u);
}

// What a program makes of a text: where it matches and what its groups hold. "?": it can't tell.
std::string ByProgram(const PatternProgram& program, const std::string& text) {
  std::vector<size_t> places(2 * program.groups().size());
  size_t end = 0;
  const PatternProgram::Answer answer = program.Match(text, places.data(), &end);
  if (answer != PatternProgram::Answer::kYes) return answer == PatternProgram::Answer::kNo ? "no" : "?";
  std::map<std::string, std::string> groups;
  for (size_t i = 0; i < program.groups().size(); ++i) {
    const bool is_there = places[2 * i] != PatternProgram::kNowhere;
    groups[program.groups()[i]] =
        is_there ? std::to_string(places[2 * i]) + "-" + std::to_string(places[2 * i + 1]) : "none";
  }
  std::string told = "up to " + std::to_string(end);
  for (const auto& [name, place] : groups) told += " " + name + " " + place;
  return told;
}

std::string ByRe2(const RE2& regex, const std::string& text) {
  std::vector<re2::StringPiece> parts(static_cast<size_t>(1 + regex.NumberOfCapturingGroups()));
  if (!regex.Match(text, 0, text.size(), RE2::UNANCHORED, parts.data(), static_cast<int>(parts.size()))) {
    return "no";
  }
  std::string told = "up to " + std::to_string(parts[0].end() - text.data());
  for (const auto& [name, number] : regex.NamedCapturingGroups()) {
    const re2::StringPiece& part = parts[static_cast<size_t>(number)];
    told += " " + name + " " +
            (part.data() == nullptr ? "none"
                                    : std::to_string(part.begin() - text.data()) + "-" +
                                          std::to_string(part.end() - text.data()));
  }
  return told;
}

TEST(PatternProgram, MatchesWhatRe2Matches) {
  std::mt19937 random(12);
  size_t compiled = 0, matches = 0, unsure = 0, told = 0;
  for (size_t i = 0; i < 6000; ++i) {
    int groups = 0;
    const std::string pattern =
        i < kPatterns.size() ? kPatterns[i]
                             : "^" + RandomPattern(2, &groups, &random) + (random() % 4 == 0 ? "$" : "");
    const RE2 regex(pattern, Quiet());
    if (!regex.ok()) continue;
    const std::optional<PatternProgram> program = PatternProgram::Compile(pattern);
    if (!program) continue;
    ++compiled;
    for (int round = 0; round < 60; ++round) {
      const std::string text = RandomText(10, &random);
      const std::string answer = ByProgram(*program, text);
      ++told;
      matches += answer.starts_with("up") ? 1 : 0;
      unsure += answer == "?" ? 1 : 0;
      if (answer == "?") continue;
      EXPECT_EQ(answer, ByRe2(regex, text)) << pattern << " on '" << text << "'";
    }
  }
  EXPECT_GT(compiled, 3000u);
  EXPECT_GT(matches, told / 20);
  EXPECT_LT(unsure, told / 5);
}

// The packs' patterns on the packs' examples, some of them broken.
TEST(PatternProgram, MatchesWhatRe2MatchesOfThePacks) {
  std::mt19937 random(16);
  std::vector<std::string> patterns, texts;
  const RuleSet rules = LoadRuleSet({}).rules;
  for (const Pack& pack : rules.packs) {
    for (const Rule& rule : pack.rules) {
      patterns.push_back(rule.pattern);
      for (const Example& example : rule.examples) texts.push_back(example.log);
    }
    for (const TextFormat& format : pack.texts) {
      patterns.push_back(format.pattern);
      for (const Example& example : format.examples) texts.push_back(example.log);
    }
  }
  for (size_t i = 0, n = texts.size(); i < n; ++i) {
    std::string text = texts[i];
    if (text.empty()) continue;
    const size_t at = random() % text.size();
    random() % 2 == 0 ? text.erase(at, 1 + random() % 3)
                      : text.insert(at, kLetters[random() % std::size(kLetters)]);
    texts.push_back(text);
  }
  size_t known = 0, matches = 0, unsure = 0;
  for (const std::string& pattern : patterns) {
    const std::optional<PatternProgram> program = PatternProgram::Compile(pattern);
    if (!program) continue;
    ++known;
    const RE2 regex(pattern, Quiet());
    for (const std::string& text : texts) {
      const std::string answer = ByProgram(*program, text);
      matches += answer.starts_with("up") ? 1 : 0;
      unsure += answer == "?" ? 1 : 0;
      if (answer == "?" || (answer == "no" && random() % 8 != 0)) continue;
      EXPECT_EQ(answer, ByRe2(regex, text)) << pattern << " on '" << text << "'";
    }
  }
  EXPECT_GT(known, 200u);
  EXPECT_GT(matches, 1000u);
  EXPECT_LT(unsure, matches);
}

TEST(PatternProgram, GivesUpInTime) {
  const std::optional<PatternProgram> program = PatternProgram::Compile("^(?:a|a|ab?)*(?:a|b?a)*c");
  ASSERT_TRUE(program);
  size_t end = 0;
  EXPECT_EQ(program->Match(std::string(100, 'a'), nullptr, &end), PatternProgram::Answer::kUnsure);
  const std::string many(100000, 'a');
  const std::optional<PatternProgram> runs = PatternProgram::Compile("^\\w*\\w*\\w*c");
  ASSERT_TRUE(runs);
  EXPECT_EQ(runs->Match(many, nullptr, &end), PatternProgram::Answer::kUnsure);
  EXPECT_EQ(runs->Match(many + "c ", nullptr, &end), PatternProgram::Answer::kYes);
  EXPECT_EQ(end, many.size() + 1);
  EXPECT_EQ(PatternProgram::Compile("^a*b*a*c")->Match(many, nullptr, &end), PatternProgram::Answer::kUnsure);
  EXPECT_EQ(PatternProgram::Compile("^(?:aa|b)*(?:aa|c)*d")->Match(many, nullptr, &end),
            PatternProgram::Answer::kUnsure);
  EXPECT_EQ(PatternProgram::Compile("^a*[^a]*b?c")->Match(many, nullptr, &end), PatternProgram::Answer::kNo);
}

// Formats as somebody's pack may have them, many of which match the same line.
std::string RandomFormat(std::mt19937* random) {
  static constexpr const char* kPieces[] = {R"(\[(?P<time>[^\]]*?)\] )",
                                            R"((?P<time>\d\d:\d\d:\d\d(?:[.,]\d{1,9})?) )",
                                            R"((?P<time>\S+) )",
                                            R"((?P<level>[A-Z]+):? )",
                                            R"(\[?(?P<level>(?i:info|warn|error))\]? )",
                                            R"((?P<logger>[\w.]+): )",
                                            R"((?P<logger>.+?) - )",
                                            R"((?:\[(?P<pid>\d+)\] )?)",
                                            R"((?:pid=(?P<pid>\d+) )*)",
                                            R"((?P<thread>[^\s]*) +)",
                                            R"((?:(?P<lane>\w+-\d+)|\bmain\b) )"};
  std::string pattern = (*random)() % 8 == 0 ? "" : (*random)() % 6 == 0 ? "(?s)^" : "^";
  std::vector<std::string> pieces(std::begin(kPieces), std::end(kPieces));
  std::shuffle(pieces.begin(), pieces.end(), *random);
  std::string names;
  for (size_t n = 1 + (*random)() % 4, i = 0; n > 0 && i < pieces.size(); ++i) {
    const size_t at = pieces[i].find("?P<") + 3;
    const std::string name = pieces[i].substr(at, pieces[i].find('>', at) - at);
    if (names.find(name) != std::string::npos) continue;
    names += name + " ";
    pattern += pieces[i];
    --n;
  }
  static constexpr const char* kEnds[] = {"(?P<message>.*)$", "(?P<message>.*)",
                                          "(?P<message>.*?)(?: err=(?P<error>.*))?$", "(?P<message>[^=]*)",
                                          "(?P<message>\\S.*)$"};
  return pattern + kEnds[(*random)() % std::size(kEnds)];
}

std::string RandomLine(std::mt19937* random) {
  static constexpr const char* kPieces[] = {"[12:00:01] ", "12:00:01,123 ",
                                            "12:00:01.5 ", "[x [y] ",
                                            "INFO ",       "warn: ",
                                            "[ERROR] ",    "a.b.c: ",
                                            "name - ",     "[17] ",
                                            "pid=3 ",      "main ",
                                            "Pool-7 ",     "  ",
                                            "done",        " err=x",
                                            "=",           "\xC3\xA9t\xC3\xA9 ",
                                            "Info ",       "- "};
  std::string line;
  for (size_t n = 1 + (*random)() % 6; n > 0; --n) line += kPieces[(*random)() % std::size(kPieces)];
  return line;
}

TEST(TextFormats, OfAnyPackGiveTheFirstThatMatches) {
  std::mt19937 random(13);
  size_t matches = 0;
  for (int round = 0; round < 40; ++round) {
    RuleSet rules;
    std::vector<std::unique_ptr<RE2>> regexes;
    rules.packs.resize(2);
    for (size_t i = 0; i < 30; ++i) {
      TextFormat format;
      format.id = std::to_string(i);
      format.pattern = RandomFormat(&random);
      regexes.push_back(std::make_unique<RE2>(format.pattern, Quiet()));
      ASSERT_TRUE(regexes.back()->ok()) << format.pattern;
      rules.packs[i / 15].texts.push_back(format);
    }
    const absl::StatusOr<TextFormats> formats = TextFormats::Compile(rules);
    ASSERT_TRUE(formats.ok());
    for (int i = 0; i < 300; ++i) {
      const std::string line = RandomLine(&random);
      const auto first = std::find_if(regexes.begin(), regexes.end(),
                                      [&](const auto& regex) { return RE2::PartialMatch(line, *regex); });
      TextParts parts;
      ASSERT_EQ(formats->Match(line, &parts), first != regexes.end()) << line;
      EXPECT_EQ(formats->Matches(line), first != regexes.end());
      if (first == regexes.end()) continue;
      ++matches;
      EXPECT_EQ(parts.format->id, std::to_string(first - regexes.begin())) << line;
      std::vector<re2::StringPiece> pieces(static_cast<size_t>(1 + (*first)->NumberOfCapturingGroups()));
      (*first)->Match(line, 0, line.size(), RE2::UNANCHORED, pieces.data(), static_cast<int>(pieces.size()));
      for (const auto& [name, number] : (*first)->NamedCapturingGroups()) {
        const auto field = static_cast<size_t>(*FieldByName(name));
        if (static_cast<Field>(field) == Field::kLevel) continue;  // not each is taken
        const re2::StringPiece& piece = pieces[static_cast<size_t>(number)];
        EXPECT_EQ(parts.fields[field], std::string_view(piece.data(), piece.size()))
            << name << " of '" << line << "' by " << (*first)->pattern();
      }
    }
  }
  EXPECT_GT(matches, 3000u);
}

TEST(PatternProgram, KnowsAllBuiltInFormats) {
  std::string unknown;
  const RuleSet rules = LoadRuleSet({}).rules;
  for (const Pack& pack : rules.packs) {
    for (const TextFormat& format : pack.texts) {
      if (!PatternProgram::Compile(format.pattern)) unknown += " " + format.pack + "/" + format.id;
    }
  }
  EXPECT_EQ(unknown, "");
}

}  // namespace
}  // namespace gainsay
