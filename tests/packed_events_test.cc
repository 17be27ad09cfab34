// What is kept small comes back as it was: ids, texts, rows of numbers, events.
#include "task/packed_events.h"

#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "task/hex_digits.h"
#include "task/id_table.h"
#include "task/packed_columns.h"
#include "task/text_pattern.h"

namespace gainsay {
namespace {

TEST(IdTable, IdsComeBackAsTheyWere) {
  const std::vector<std::string> ids = {
      "",
      "a",
      "18",
      "7c3d2f8e-1b2c-4d5e-8f90-a1b2c3d4e5f6",
      "7C3D2F8E-1B2C-4D5E-8F90-A1B2C3D4E5F6",
      "7c3d2f8e-1b2c-4d5e-8f90-a1b2c3d4e5fg",
      "7c3d2f8e1b2c4d5e8f90a1b2c3d4e5f6",
      "7c3d2f8e1b2c4d5e8f90a1b2",
      "7c3d2f8e1b2c4d5e8f90a1b",
      "0123456789abcdef",
      "0123456789abcdef0",
      "0123456789abcdef01",
      std::string("nul\0in it", 9),
      std::string("a\0", 2),
      "one that is longer than sixteen bytes",
      std::string(100'000, 'x'),
      "\xff\xfe",
  };
  IdTable table;
  std::string scratch;
  for (int round = 0; round < 2; ++round) {
    for (uint32_t i = 0; i < ids.size(); ++i) {
      EXPECT_EQ(table.Of(ids[i]), i);
      EXPECT_EQ(table.TextOf(i, &scratch), ids[i]);
      EXPECT_EQ(table.Find(ids[i]), i);
    }
  }
  EXPECT_EQ(table.Find("b"), std::nullopt);
  EXPECT_EQ(table.Find("18", true), std::nullopt);
  EXPECT_EQ(table.Of("18", true), ids.size());
  EXPECT_TRUE(table.IsScoped(static_cast<uint32_t>(ids.size())));
  EXPECT_FALSE(table.IsScoped(2));
}

TEST(IdTable, GrowsPastItsIndex) {
  IdTable table;
  for (uint32_t i = 0; i < 100'000; ++i) ASSERT_EQ(table.Of("task-" + std::to_string(i) + "-of-many"), i);
  for (uint32_t i = 0; i < 100'000; ++i) ASSERT_EQ(table.Find("task-" + std::to_string(i) + "-of-many"), i);
}

TEST(HexDigits, ComeBackAsTheyWereAndNothingElseIsOne) {
  std::mt19937 random(2);
  const std::string_view all = "0123456789abcdef";
  for (int i = 0; i < 50'000; ++i) {
    std::string digits, back;
    for (size_t size = 2 * (random() % 40); size > 0; --size) digits += all[random() % 16];
    std::string packed(digits.size() / 2, '\0');
    ASSERT_TRUE(PackHex(digits, packed.data()));
    UnpackHex(packed, &back);
    ASSERT_EQ(back, digits);
    if (digits.empty()) continue;
    char& other = digits[random() % digits.size()];
    other = static_cast<char>(random() % 256);
    ASSERT_EQ(PackHex(digits, packed.data()), all.find(other) != std::string_view::npos) << digits;
  }
}

TEST(PackedColumns, NumbersComeBackAsTheyWere) {
  std::mt19937_64 random(1);
  PackedColumns columns;
  std::vector<PackedColumns::Row> rows;
  for (size_t i = 0; i < 5 * PackedColumns::kBlockRows + 7; ++i) {
    rows.push_back({i, 7, random(), random() % 1000, UINT64_MAX - random() % 3, 1'000'000 * (i % 5),
                    1'000'000'000 * (random() % 1'000'000) + 5, i % 300 == 0 ? UINT64_MAX : 0});
    columns.Add(rows.back());
  }
  ASSERT_EQ(columns.size(), rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t c = 0; c < PackedColumns::kColumns; ++c)
      ASSERT_EQ(columns.At(i, c), rows[i][c]) << i << " " << c;
  }
}

TEST(TextPattern, TextsComeBackAsTheyWere) {
  const std::string id = "7c3d-8f90";
  for (const std::string& text :
       {std::string(), std::string("Task a.b[7c3d-8f90] succeeded in 0.0291s: None"),
        std::string("7c3d-8f90"), std::string("x7c3d-8f90y"), std::string("00000"), std::string("0"),
        std::string("doc0042 Worker-3 12ms"), std::string("123456789012345678901234567890"),
        std::string("deadbeef01 DEADBEEF01 dead01 a1b2c3 1a 1a2"), std::string("codes \1\2\3\4\5 in it"),
        std::string("\xff\xfe 7 \x80"), std::string(5000, '7'), std::string(5000, 'a') + "1",
        std::string("nul\0 1", 6), std::string("\5"), std::string("_1_ a_1 1_a")}) {
    for (const bool whole : {false, true}) {
      std::string pattern, own, back;
      if (whole) {
        TakeWhole(text, &pattern, &own);
      } else {
        TakeApart(text, id, &pattern, &own);
      }
      WireReader from(own);
      PutTogether(PiecesOf(pattern), id, &from, &back);
      EXPECT_EQ(back, text);
      EXPECT_TRUE(from.ok() && from.at_end());
    }
  }
}

TEST(TextPattern, WhatDiffersIsNotInThePattern) {
  std::string one, two, own;
  TakeApart("Task a.b[7c3d-8f90] succeeded in 0.291s by Worker-1", "7c3d-8f90", &one, &own);
  TakeApart("Task a.b[0d11-ffff] succeeded in 3.7s by Worker-12", "0d11-ffff", &two, &own);
  EXPECT_EQ(one, two);
  EXPECT_LT(own.size(), 12U);
}

// Whatever it takes for a text of the pattern comes back as it was; what the pattern was made of is one.
TEST(TextPattern, TextsTakenLikeOthersComeBackAsTheyWere) {
  std::mt19937_64 random(3);
  const std::vector<std::string> words = {
      "Task ", "a.b", "[7c3d-8f90]", " in ", "0.0291s", "007", "deadbeef01",
      "12ms",  "\1",  "x7_",         "Ü",    "",        "-5",  "1234567890123456789"};
  const auto text = [&] {
    std::string made;
    for (size_t i = random() % 6; i-- > 0;) {
      made += random() % 3 == 0 ? std::to_string(random() % 2000) : words[random() % words.size()];
    }
    return made;
  };
  size_t alike = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::string one = text(), id = random() % 2 == 0 ? "7c3d-8f90" : std::to_string(random() % 2000);
    std::string other = one, pattern, own, back;
    if (random() % 2 == 0) {
      other = text();
    } else if (!one.empty()) {
      other[random() % one.size()] = "0123 a\5-"[random() % 9];
    }
    TakeApart(one, id, &pattern, &own);
    const std::vector<PatternPiece> pieces = PiecesOf(pattern);
    own.clear();
    const bool like = TakeLike(pieces, other, id, &own);
    ASSERT_TRUE(like || other != one || !IsPlain(one)) << one;
    if (!like) continue;
    WireReader from(own);
    PutTogether(pieces, id, &from, &back);
    ASSERT_EQ(back, other);
    ASSERT_TRUE(from.ok() && from.at_end());
    alike += other != one ? 1 : 0;
  }
  EXPECT_GT(alike, 10'000U);
}

// All that an event says, as text.
std::string Said(const Event& e) {
  std::string said;
  for (const uint64_t number :
       {static_cast<uint64_t>(e.kind), static_cast<uint64_t>(e.state), static_cast<uint64_t>(e.matched_by),
        uint64_t{e.outer}, uint64_t{e.task_in_text}, uint64_t{e.lane_allowed},
        static_cast<uint64_t>(e.severity), uint64_t{e.rule}, uint64_t{e.reason},
        static_cast<uint64_t>(e.time_ns), uint64_t{e.position.source}, e.position.line, e.position.offset}) {
    said += std::to_string(number) + " ";
  }
  e.ForEachText([&said](std::string_view text) { said += "\n" + std::string(text); });
  return said;
}

// Lifecycle events of all sorts. `of_its_own`: nothing in them repeats.
class Events {
 public:
  explicit Events(bool of_its_own) : of_its_own_(of_its_own) {}

  Event Next() {
    Event e;
    e.kind = Below(2) == 0 ? RuleKind::kStart : RuleKind::kTerminal;
    e.state = e.kind == RuleKind::kTerminal ? State::kSucceeded : State::kNone;
    e.matched_by = Below(2) == 0 ? MatchedBy::kTask : MatchedBy::kField;
    e.outer = Below(9) == 0;
    e.lane_allowed = Below(3) > 0;
    e.severity = static_cast<Severity>(Below(25));
    e.rule = static_cast<uint16_t>(Below(3));
    e.time_ns = Below(50) == 0 ? kNoTime : static_cast<int64_t>(Below(1'000'000)) * 1'000'000;
    e.position = {static_cast<uint32_t>(Below(3)), Below(1'000'000), Below(1'000'000'000)};
    texts_.clear();
    if (Below(3) == 0) e.captures = {{"runtime", ""}, {"ünï", ""}};
    size_t slot = 0;
    e.ForEachText([&](std::string_view& text) {
      if (slot++ == 0 || (Below(2) == 0 && text.empty())) text = Below(20) == 0 ? e.task : Text();
    });
    return e;
  }

 private:
  size_t Below(size_t n) { return static_cast<size_t>(random_() % n); }

  std::string_view Text() {
    std::string& text = texts_.emplace_back("text ");
    if (of_its_own_) {
      for (int i = 0; i < 8; ++i) text += static_cast<char>(Below(256));
    } else {
      text += std::to_string(Below(1000));
    }
    return text;
  }

  const bool of_its_own_;
  std::mt19937_64 random_{7};
  std::deque<std::string> texts_;
};

TEST(PackedEvents, EventsComeBackAsTheyWere) {
  for (const bool of_its_own : {false, true}) {
    Events events(of_its_own);
    PackedEvents packed;
    std::vector<std::string> said, ids;
    for (uint32_t i = 0; i < 20'000; ++i) {
      const Event event = events.Next();
      packed.Add(event, i);
      said.push_back(Said(event));
      ids.emplace_back(event.task);
    }
    std::string scratch;
    for (uint32_t i = 0; i < said.size(); ++i) {
      const Event event = packed.Get(i, ids[i], PackedEvents::Detail::kAll, &scratch);
      ASSERT_EQ(Said(event), said[i]);
      ASSERT_EQ(packed.key(i), i);
      std::string other;
      const Event life = packed.Get(i, ids[i], PackedEvents::Detail::kLife, &other);
      ASSERT_EQ(life.run, event.run);
      ASSERT_EQ(life.host, event.host);
      ASSERT_EQ(life.trace, event.trace);
      ASSERT_EQ(packed.names_run(i), !event.run.empty());
    }
  }
}

}  // namespace
}  // namespace gainsay
