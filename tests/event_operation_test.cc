#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "event/operation.h"
#include "event/phrases.h"
#include "event/tokens.h"
#include "event/words.h"

namespace gainsay {
namespace {

constexpr Operation kUnknown = Operation::kUnknown, kWrite = Operation::kWrite, kRead = Operation::kRead;

struct Case {
  const char* text;
  Operation operation;
};

TEST(Judge, TellsTheDirection) {
  const Case cases[] = {
      {"primary write failed", kWrite},
      {"upsert into primary store failed", kWrite},
      {"Error saving listing 75171", kWrite},
      {"unexpected error while saving 73784", kWrite},
      {"write rejected by server", kWrite},
      {"dual write to shadow index failed for 74000", kWrite},
      {"document 5 was not written", kWrite},
      {"document 5 could not be saved", kWrite},
      {"Failed executing [UPSERT] on the bucket", kWrite},
      {"saveDocument failed", kWrite},
      {"fetching done, could not save document 7", kWrite},
      {"failed to store the query result", kWrite},
      {"failed to load rows into the warehouse", kWrite},
      {"failed to create index docs", kWrite},
      {"event 19 queued locally", kWrite},
      {"write /data/x", kWrite},
      // Reads: the word after "failed to" wins over whatever else is named.
      {"failed to load previous version of 7", kRead},
      {"failed to read the write-ahead log", kRead},
      {"could not fetch updates", kRead},
      {"read timeout while fetching facets", kRead},
      {"cache lookup failed", kRead},
      {"search query failed", kRead},
      {"fetching saved searches failed", kRead},
      {"reading the commit log failed", kRead},
      {"3 of 10 lookups failed", kRead},
      {"deleteByPrefix: scan failed", kRead},
      {"consumer poll error", kRead},
      // Neither.
      {"job 17 failed", kUnknown},
      {"failed to connect to the database", kUnknown},
      {"failed to create session", kUnknown},
      {"failed to start sync-listing@7.service - Sync listing 7", kUnknown},
      {"failed to get a connection", kUnknown},
      {"the database is read-only", kUnknown},
      {"", kUnknown},
  };
  for (const Case& c : cases) EXPECT_EQ(Judge(c.text).operation, c.operation) << c.text;
}

TEST(Judge, KnowsAFailureFromTheWord) {
  for (const char* text :
       {"primary write failed", "row lost", "write rejected", "flush timed out", "could not save 7",
        "never saved", "index update skipped", "dropping 1 item", "write-behind queue: dropping 1",
        "parked in outbox", "status=failed op=write", "rolled back insert of 30 rows"}) {
    EXPECT_TRUE(Judge(text).failed) << text;
  }
  for (const char* text :
       {"primary write ok", "no errors while writing", "updated the error handler", "error_rate=3",
        "error count 3", "write failover done", "name=failed", "saved 'write failed' as title",
        "saved \"write failed\" as title", "saved `write failed`", "non-fatal", ""}) {
    EXPECT_FALSE(Judge(text).failed) << text;
  }
}

TEST(Judge, GivingUpIsNotRetrying) {
  for (const char* text :
       {"write failed, will retry in 5s", "retrying write for 7 (1/3)", "write failed, retry 1 of 3",
        "Could not move task; Will retry syncing", "write failed, 2 attempts left",
        "insert failed, scheduled for retry", "write failed, will be retried", "requeued"}) {
    EXPECT_TRUE(Judge(text).will_retry) << text;
  }
  for (const char* text : {"write failed; not retrying", "write failed after retrying",
                           "giving up after 3 retries", "will not be retried", "won't retry",
                           "write failed, 0 attempts left", "primary write failed, parked in outbox"}) {
    EXPECT_FALSE(Judge(text).will_retry) << text;
  }
  for (const char* text : {"giving up on doc 7", "index update skipped", "dropped 3 events",
                           "no retries left", "can not write to output file; not retrying"}) {
    EXPECT_TRUE(Judge(text).gave_up) << text;
  }
  EXPECT_FALSE(Judge("primary write failed").gave_up);
}

TEST(Judge, WhatIsNeverAnError) {
  for (const char* text :
       {"failed writes in the last hour: 3", "write errors per minute: 7", "write error rate 0.5%",
        "nothing to flush", "bulk upsert finished: 0 of 20 rows failed", "wrote 20 rows, 0 errors",
        "rejected = 0", "saved without errors", "17 inserted, 0 failed", "0 documents failed to index",
        "duplicate key for 7, already indexed", "primary write failed but retry succeeded",
        "there were failed writes but they all succeeded in a retry",
        "skipping index update, document 7 unchanged", "write timeout is deprecated"}) {
    EXPECT_TRUE(Judge(text).harmless) << text;
  }
  for (const char* text :
       {"primary write failed", "failed to write after retrying for the last 5 minutes",
        "3 of 20 rows failed", "primary write failed, secondary write ok", "upsert failed: 2 rows, 0 retries",
        "could not be recovered", "write failed: not recovered", "Key (id)=(1) already exists",
        "DuplicateKeyError: {'index': 0, 'code': 11000}"}) {
    EXPECT_FALSE(Judge(text).harmless) << text;
  }
}

TEST(Judge, CountsWhatFailed) {
  for (const char* text :
       {"3 of 20 rows failed", "bulk upsert finished: 3 of 20 rows failed", "4/100 objects failed",
        "3 out of 10 writes were rejected", "rejected = 3", "saved 17 rows, 3 failed",
        "succeeded: 17, failed: 3", "write errors: 3", "dropped 14 events", "12 documents failed",
        "failed to index 3 of 10 documents", "finished with 3 errors"}) {
    EXPECT_TRUE(Judge(text).partial) << text;
  }
  for (const char* text : {"0 of 20 rows failed", "rejected = 0", "job 7 failed", "request failed: 503",
                           "worker.go:370 Failed processing", "2026/08/01 10:00:00 ERROR: boom",
                           "Job 42 (queue 3) failed", "attempt 3 of 5", "write failed after 3 attempts"}) {
    EXPECT_FALSE(Judge(text).partial) << text;
  }
}

TEST(Judge, NamesARoleThatFailed) {
  for (const char* text :
       {"secondary failed", "rejected by the primary", "mirror sync error", "shadow write lost"}) {
    EXPECT_TRUE(Judge(text).role) << text;
  }
  for (const char* text :
       {"duplicate primary key error", "primary failed over to b", "primary connection lost",
        "secondary write ok", "primary node failed", "failed to connect to replica set"}) {
    EXPECT_FALSE(Judge(text).role) << text;
  }
}

// `cause` marks where a reason's match begins.
TEST(OperationText, CutsBeforeTheCause) {
  struct {
    const char* message;
    const char* cause;
    const char* operation;
  } cases[] = {
      {"primary write failed: database is locked", "database", "primary write failed"},
      {"could not update index for 7 (deadlock detected), skipping", "deadlock",
       "could not update index for 7"},
      {"batch commit failed (1 statement): OOM command", "OOM", "batch commit failed (1 statement)"},
      {"failed to save 7: insert rejected: code=1, message=field x not found", "field x",
       "failed to save 7: insert rejected: code=1"},
      {"failed to save 7 because disk full", "disk", "failed to save 7"},
      {"write /data/x: no space left on device", "no space", "write /data/x"},
      {"save failed err=timeout", "timeout", "save failed"},
      {"java.io.IOException: No space left on device", "No space", "java.io.IOException"},
      // Nothing separates the operation from the cause.
      {"primary write timed out", "timed out", "primary write timed out"},
      {"primary write timed out: 5s", "timed out", "primary write timed out"},
      // A prefix is no operation.
      {"catalog.jobs: read timeout while fetching: x", "timeout",
       "catalog.jobs: read timeout while fetching"},
      {"Error: write EPIPE", "EPIPE", "Error: write EPIPE"},
      // The cause comes first.
      {"timeout while writing batch 7: x", "timeout", "timeout while writing batch 7"},
      {"timeout: could not write batch 7", "timeout", ": could not write batch 7"},
      {"LOADING Redis is loading the dataset in memory", "LOADING", ""},
      {"database is locked", "database", ""},
      {"  database is locked", "database", ""},
  };
  for (const auto& c : cases) {
    const std::string_view message = c.message;
    EXPECT_EQ(OperationText(message, message.find(c.cause)), c.operation) << message;
  }
  EXPECT_EQ(OperationText("primary write failed: x", std::string_view::npos), "primary write failed: x");
  EXPECT_EQ(OperationText("", 0), "");
  EXPECT_EQ(OperationText("abc", 3), "abc");
}

TEST(Words, KnowsInflections) {
  for (const char* word : {"write", "writes", "writing", "wrote", "written", "saved", "saving", "committed",
                           "storing", "indexing", "indexed", "replicating", "flushes", "upserts"}) {
    EXPECT_EQ(LookUp(word).verb, Verb::kWrite) << word;
  }
  for (const char* word : {"index", "indexes", "store", "cache", "record"})
    EXPECT_EQ(LookUp(word).verb, Verb::kWeakWrite) << word;
  for (const char* word : {"read", "reading", "queries", "query", "fetched", "got"}) {
    const Verb verb = LookUp(word).verb;
    EXPECT_TRUE(verb == Verb::kRead || verb == Verb::kWeakRead) << word;
  }
  for (const char* word :
       {"", "s", "ing", "ed", "saint", "insurance", "reed", "ready", "setting", "fail", "needed"}) {
    EXPECT_TRUE(LookUp(word).verb == Verb::kNone || LookUp(word).verb == Verb::kObjectWrite) << word;
  }
}

TEST(Words, KnowsParticiplesAndLists) {
  for (const char* word : {"written", "saved", "put", "committed", "sent", "applied"})
    EXPECT_TRUE(LookUp(word).written) << word;
  for (const char* word : {"write", "fetched", "saving", "token"}) EXPECT_FALSE(LookUp(word).written) << word;
  EXPECT_NE(LookUp("failed").lists & Bit(WordList::kFailure), 0);
  EXPECT_NE(LookUp("failed").lists & Bit(WordList::kIntroducer), 0);
  EXPECT_EQ(LookUp("failover").lists & Bit(WordList::kFailure), 0);
  EXPECT_NE(LookUp("retrying").begins, 0);
  EXPECT_NE(LookUp("#").begins, 0);
}

TEST(Tokens, TakesNamesApartAndQuotesOut) {
  struct {
    const char* text;
    std::vector<std::string> words;
  } cases[] = {
      {"saveDocument DBWrite INSERTs", {"save", "document", "db", "write", "inserts"}},
      {"write_rows couldn't", {"write", "rows", "couldnt"}},
      {"couldn\xE2\x80\x99t", {"couldnt"}},
      {"a 'b c' d", {"a", "d"}},
      {"nodes' responses", {"nodes", "responses"}},
      {"it's 'open", {"it", "s", "open"}},
      {"see /var/log/x.y: z", {"see", "z"}},
      {"at http://a.b/write?x z", {"at", "z"}},
      {"3/10", {"3", "10"}},
      {"\"unclosed write", {"unclosed", "write"}},
  };
  for (const auto& c : cases) {
    Tokens tokens(c.text);
    std::vector<std::string> words;
    for (int i = 0; i < tokens.size(); ++i) words.emplace_back(tokens[i].word());
    EXPECT_EQ(words, c.words) << c.text;
  }
}

bool FitsPart(std::string_view part, const Token& token) {
  if (part == "#") return token.number > 0;
  for (;;) {
    const size_t bar = part.find('|');
    if (part.substr(0, bar) == token.word()) return true;
    if (bar == std::string_view::npos) return false;
    part.remove_prefix(bar + 1);
  }
}

// As Tokens reads phrases, from their text and for any phrase.
int MatchSlowly(const Tokens& tokens, std::string_view phrase, int i) {
  const int first = i;
  while (!phrase.empty()) {
    std::string_view part = phrase.substr(0, phrase.find(' '));
    phrase.remove_prefix(std::min(part.size() + 1, phrase.size()));
    if (part == "*") {
      if (const int rest = MatchSlowly(tokens, phrase, i); rest > 0) return i - first + rest;
      if (++i >= tokens.size()) return 0;
      continue;
    }
    const bool optional = part.front() == '?';
    if (optional) part.remove_prefix(1);
    if (i < tokens.size() && FitsPart(part, tokens[i])) {
      ++i;
    } else if (!optional) {
      return 0;
    }
  }
  return i - first;
}

TEST(Tokens, PhrasesAreReadAsWritten) {
  Tokens tokens("3 of the 10 rows were not saved");
  EXPECT_EQ(MatchSlowly(tokens, "# of ?the #", 0), 4);
  EXPECT_EQ(MatchSlowly(tokens, "# of #", 0), 0);
  EXPECT_EQ(MatchSlowly(tokens, "# of * #", 0), 4);
  EXPECT_EQ(MatchSlowly(tokens, "was|were not", 5), 2);
  EXPECT_EQ(MatchSlowly(tokens, "not saved today", 6), 0);
  EXPECT_EQ(MatchSlowly(tokens, "not ?yet saved", 6), 2);
  EXPECT_EQ(MatchSlowly(tokens, "anything", 99), 0);
}

// Phrases as they may stand in a text, one after the other, with words left out, put in and changed.
std::string RandomPhrases(const std::vector<std::string_view>& phrases, std::mt19937* random) {
  std::string text;
  for (size_t n = (*random)() % 5; n > 0; --n) {
    std::string_view phrase = phrases[(*random)() % phrases.size()];
    while (!phrase.empty()) {
      std::string_view part = phrase.substr(0, phrase.find(' '));
      phrase.remove_prefix(std::min(part.size() + 1, phrase.size()));
      if (part.front() == '?') part.remove_prefix(1);
      for (size_t skip = (*random)() % 12; skip > 0 && part.find('|') != std::string_view::npos; --skip) {
        part.remove_prefix(part.find('|') + 1);
      }
      if ((*random)() % 8 == 0) continue;
      const std::string_view word = part.substr(0, part.find('|'));
      text += word == "#" ? std::to_string((*random)() % 3) : word == "*" ? "any" : std::string(word);
      text += (*random)() % 10 == 0 ? " x " : " ";
    }
  }
  return text;
}

TEST(Tokens, MatchPhrasesAsTheSlowWay) {
  std::vector<std::string_view> phrases;
  for (size_t list = 0; list < kPhraseListCount; ++list) {
    const auto of_list = PhrasesOf(static_cast<PhraseList>(list));
    phrases.insert(phrases.end(), of_list.begin(), of_list.end());
  }
  std::mt19937 random(21);
  std::vector<int> matched(kPhraseListCount);
  for (int round = 0; round < 20000; ++round) {
    const std::string text = RandomPhrases(phrases, &random);
    const Tokens tokens(text);
    for (size_t number = 0; number < kPhraseListCount; ++number) {
      const auto list = static_cast<PhraseList>(number);
      int found = -1;
      for (int i = -1; i <= tokens.size(); ++i) {
        int words = 0;
        for (const std::string_view phrase : PhrasesOf(list)) {
          if (words == 0 && i >= 0) words = MatchSlowly(tokens, phrase, i);
        }
        ASSERT_EQ(tokens.Match(list, i), words) << text << "| list " << number << " at " << i;
        if (words > 0 && found < 0) found = i;
      }
      ASSERT_EQ(tokens.Find(list), found) << text << "| list " << number;
      matched[number] += found >= 0 ? 1 : 0;
    }
  }
  EXPECT_GT(*std::min_element(matched.begin(), matched.end()), 100);
}

TEST(Judge, SurvivesAnything) {
  std::mt19937 random(7);
  const std::string pieces[] = {"failed to ",
                                "'",
                                "\"",
                                "write ",
                                "3 of ",
                                std::string(1, '\0'),
                                "\xff\xfe",
                                "[",
                                "]",
                                "=",
                                "\n",
                                "saveX",
                                "_",
                                ".",
                                "/",
                                "://",
                                "0",
                                "99999999999999999999 ",
                                "\xE2\x80\x99",
                                "(",
                                "will retry "};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const size_t parts = random() % 60;
    for (size_t i = 0; i < parts; ++i) text += pieces[random() % std::size(pieces)];
    Judge(text);
    const size_t begin = text.empty() ? 0 : random() % (text.size() + 2);
    const std::string_view operation = OperationText(text, begin);
    EXPECT_LE(operation.size(), text.size());
  }
  Judge(std::string(1 << 20, '\''));
  Judge(std::string(1 << 20, 'a'));
  std::string apostrophes;
  for (int i = 0; i < 100000; ++i) apostrophes += " 'a'b";
  Judge(apostrophes);
  OperationText(apostrophes, apostrophes.size() - 1);
}

}  // namespace
}  // namespace gainsay
