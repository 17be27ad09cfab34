// Which findings are news, and which are held back.
#include "watch/known_causes.h"

#include <gtest/gtest.h>

#include <limits>

namespace gainsay {
namespace {

constexpr int64_t kHour = 3600 * kSecond;

NotifyPolicy NewOnly(int64_t repeat_ns = 0) { return {false, repeat_ns}; }

TEST(KnownCauses, TheFirstOfACauseIsNews) {
  KnownCauses known(NewOnly());
  CauseStanding s = known.See({"a"}, 100);
  EXPECT_TRUE(s.new_cause && s.notify);
  EXPECT_EQ(s.seen_before, 0u);
  s = known.See({"a"}, 200);
  EXPECT_FALSE(s.new_cause || s.notify);
  EXPECT_EQ(s.seen_before, 1u);
  EXPECT_EQ(s.first_ns, 100);
  EXPECT_TRUE(known.See({"b"}, 300).notify);
  EXPECT_EQ(known.new_causes(), 2u);
}

TEST(KnownCauses, AFindingIsNewByAnyOfItsCauses) {
  KnownCauses known(NewOnly());
  known.See({"a", "a"}, 100);
  EXPECT_EQ(known.Save().at(0).findings, 1u);
  const CauseStanding s = known.See({"a", "b"}, 200);
  EXPECT_TRUE(s.new_cause && s.notify);
  EXPECT_EQ(s.seen_before, 1u);
  EXPECT_FALSE(known.See({"b", "a"}, 300).notify);
}

TEST(KnownCauses, AnAlarmThatGoesOnIsRepeatedAndHidesNothing) {
  KnownCauses known(NewOnly(4 * kHour));
  int notified = 0;
  for (int minute = 0; minute <= 24 * 60; ++minute)
    notified += known.See({"old"}, minute * 60 * kSecond).notify;
  EXPECT_EQ(notified, 7);  // at 0, 4, … 24 h
  known.See({"old"}, 24 * kHour + 1);
  EXPECT_TRUE(known.See({"new"}, 24 * kHour + 2).notify);
  const CauseStanding s = known.See({"old"}, 28 * kHour);
  EXPECT_TRUE(s.notify);
  EXPECT_FALSE(s.new_cause);
  EXPECT_EQ(s.held_back, 1u);
}

TEST(KnownCauses, AllMeansAll) {
  KnownCauses known({true, 0});
  EXPECT_TRUE(known.See({"a"}, 1).new_cause);
  const CauseStanding s = known.See({"a"}, 2);
  EXPECT_TRUE(s.notify);
  EXPECT_FALSE(s.new_cause);
}

TEST(KnownCauses, ABaselineIsKnownAndStillRepeated) {
  KnownCauses known(NewOnly(4 * kHour));
  known.AddBaseline("a");
  EXPECT_FALSE(known.See({"a"}, kHour).notify);
  EXPECT_FALSE(known.See({"a"}, 2 * kHour).notify);
  const CauseStanding s = known.See({"a"}, 5 * kHour);
  EXPECT_TRUE(s.notify);
  EXPECT_FALSE(s.new_cause);
  EXPECT_EQ(s.held_back, 2u);
  EXPECT_EQ(known.new_causes(), 0u);
}

TEST(KnownCauses, AnEntryOfABaselineExpires) {
  KnownCauses known(NewOnly());
  known.AddBaseline("a", 5 * kHour);
  known.AddBaseline("b", 5 * kHour);
  EXPECT_FALSE(known.See({"a"}, 5 * kHour).notify);
  EXPECT_TRUE(known.See({"b"}, 5 * kHour + 1).new_cause);
  EXPECT_FALSE(known.See({"a"}, 6 * kHour).new_cause);  // it was seen meanwhile
  EXPECT_FALSE(known.See({"b"}, 6 * kHour).new_cause);
}

TEST(KnownCauses, WhatWasSavedDecidesAsBefore) {
  KnownCauses before(NewOnly(4 * kHour)), after(NewOnly(4 * kHour));
  before.AddBaseline("b");
  before.See({"a", "b"}, kHour);
  before.See({"b"}, 2 * kHour);
  after.AddBaseline("c");
  after.Restore(before.Save());
  EXPECT_EQ(after.size(), 3u);
  EXPECT_FALSE(after.See({"a"}, 3 * kHour).notify);
  EXPECT_FALSE(after.See({"c"}, 3 * kHour).notify);
  EXPECT_EQ(after.See({"b"}, 5 * kHour).held_back, 1u);
}

TEST(KnownCauses, AsTextAndBack) {
  KnownCauses before(NewOnly()), after(NewOnly());
  before.AddBaseline("b");
  before.See({"a", "b"}, std::numeric_limits<int64_t>::min() + 7);
  before.See({"a"}, kHour);
  ASSERT_TRUE(after.Read(before.Write()));
  EXPECT_EQ(after.Write(), before.Write());
  EXPECT_FALSE(after.See({"a"}, 2 * kHour).new_cause);
  const std::string text = after.Write();
  for (const char* broken :
       {"a 1 2 3 4", "a 1 2 3 4 5 6", "a 1 2 x 4 5", " 1 2 3 4 5", "a 1 2 3 -4 5", "\xff"}) {
    EXPECT_FALSE(after.Read(broken)) << broken;
  }
  EXPECT_EQ(after.Write(), text);
  EXPECT_TRUE(after.Read(""));
  EXPECT_EQ(after.size(), 0u);
}

TEST(KnownCauses, TheTableIsBoundedAndForgetsTheOldest) {
  KnownCauses known(NewOnly(), 100);
  known.AddBaseline("kept");
  for (int i = 0; i < 10'000; ++i) {
    known.See({"flood" + std::to_string(i)}, i * kSecond);
    EXPECT_LE(known.size(), 100u);
  }
  EXPECT_EQ(known.evicted() + known.size(), 10'001u);
  EXPECT_FALSE(known.See({"flood9999"}, 10'000 * kSecond).new_cause);
  EXPECT_FALSE(known.See({"kept"}, 10'001 * kSecond).new_cause);
  EXPECT_TRUE(known.See({"flood1"}, 10'002 * kSecond).new_cause);
}

TEST(KnownCauses, TimesAtTheEndsAreNoTrouble) {
  KnownCauses known(NewOnly(4 * kHour));
  known.See({"a"}, std::numeric_limits<int64_t>::min() + 1);
  EXPECT_TRUE(known.See({"a"}, std::numeric_limits<int64_t>::max()).notify);
  EXPECT_FALSE(known.See({"a"}, kNoTime).notify);
  EXPECT_TRUE(known.See({}, 7).notify);
}

}  // namespace
}  // namespace gainsay
