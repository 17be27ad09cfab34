// The idea: verbs are kept as stems and inflections are taken off by rule, each guess looked up
// again, so that a wrong guess ("need" -> "nee") finds nothing. English is irregular for a handful of
// words, which stand in the table as they are. Lists are short, sorted and searched by bisection.
#include "event/words.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace gainsay {
namespace {

struct Stem {
  std::string_view word;
  Verb verb;
};

// Sorted by word.
constexpr Stem kVerbs[] = {
    {"add", Verb::kObjectWrite},
    {"append", Verb::kWrite},
    {"apply", Verb::kObjectWrite},
    {"archive", Verb::kObjectWrite},
    {"backup", Verb::kWeakWrite},
    {"browse", Verb::kRead},
    {"cache", Verb::kWeakWrite},
    {"checkpoint", Verb::kWeakWrite},
    {"commit", Verb::kWrite},
    {"consume", Verb::kRead},
    {"copy", Verb::kWeakWrite},
    {"count", Verb::kWeakRead},
    {"create", Verb::kObjectWrite},
    {"creation", Verb::kObjectWrite},
    {"delete", Verb::kWrite},
    {"deletion", Verb::kWrite},
    {"deliver", Verb::kObjectWrite},
    {"delivery", Verb::kObjectWrite},
    {"download", Verb::kRead},
    {"drain", Verb::kWrite},
    {"dump", Verb::kWeakWrite},
    {"emit", Verb::kObjectWrite},
    {"enqueue", Verb::kWrite},
    {"export", Verb::kWeakWrite},
    {"fetch", Verb::kRead},
    {"find", Verb::kRead},
    {"flush", Verb::kWrite},
    {"forward", Verb::kObjectWrite},
    {"fsync", Verb::kWrite},
    {"get", Verb::kRead},
    {"hset", Verb::kWrite},
    {"import", Verb::kObjectWrite},
    {"index", Verb::kWeakWrite},
    {"indice", Verb::kWeakWrite},
    {"ingest", Verb::kWrite},
    {"ingestion", Verb::kWrite},
    {"insert", Verb::kWrite},
    {"insertion", Verb::kWrite},
    {"list", Verb::kWeakRead},
    {"load", Verb::kRead},
    {"lookup", Verb::kRead},
    {"lpush", Verb::kWrite},
    {"mark", Verb::kObjectWrite},
    {"merge", Verb::kObjectWrite},
    {"mirror", Verb::kWeakWrite},
    {"move", Verb::kObjectWrite},
    {"overwrite", Verb::kWrite},
    {"patch", Verb::kObjectWrite},
    {"peek", Verb::kRead},
    {"persist", Verb::kWrite},
    {"persistence", Verb::kWeakWrite},
    {"poll", Verb::kRead},
    {"post", Verb::kObjectWrite},
    {"produce", Verb::kObjectWrite},
    {"publication", Verb::kWrite},
    {"publish", Verb::kWrite},
    {"push", Verb::kObjectWrite},
    {"put", Verb::kWrite},
    {"pwrite", Verb::kWrite},
    {"query", Verb::kWeakRead},
    {"read", Verb::kRead},
    {"reader", Verb::kWeakRead},
    {"receive", Verb::kRead},
    {"record", Verb::kWeakWrite},
    {"reindex", Verb::kWeakWrite},
    {"removal", Verb::kObjectWrite},
    {"remove", Verb::kObjectWrite},
    {"rename", Verb::kObjectWrite},
    {"replay", Verb::kWrite},
    {"replicate", Verb::kWrite},
    {"replication", Verb::kWeakWrite},
    {"retrieval", Verb::kRead},
    {"retrieve", Verb::kRead},
    {"rewrite", Verb::kWrite},
    {"rpush", Verb::kWrite},
    {"sadd", Verb::kWrite},
    {"save", Verb::kWrite},
    {"scan", Verb::kRead},
    {"search", Verb::kWeakRead},
    {"select", Verb::kRead},
    {"send", Verb::kObjectWrite},
    {"set", Verb::kObjectWrite},
    {"setex", Verb::kWrite},
    {"snapshot", Verb::kWeakWrite},
    {"store", Verb::kWeakWrite},
    {"submit", Verb::kWrite},
    {"sync", Verb::kWrite},
    {"synchronisation", Verb::kWrite},
    {"synchronise", Verb::kWrite},
    {"synchronization", Verb::kWrite},
    {"synchronize", Verb::kWrite},
    {"transfer", Verb::kObjectWrite},
    {"truncate", Verb::kObjectWrite},
    {"update", Verb::kWrite},
    {"upload", Verb::kWrite},
    {"upsert", Verb::kWrite},
    {"write", Verb::kWrite},
    {"writer", Verb::kWeakWrite},
    {"xadd", Verb::kWrite},
    {"zadd", Verb::kWrite},
};

constexpr std::pair<std::string_view, std::string_view> kIrregular[] = {
    {"found", "find"},      {"got", "get"},   {"reads", "read"},    {"rewritten", "rewrite"},
    {"rewrote", "rewrite"}, {"sent", "send"}, {"written", "write"}, {"wrote", "write"},
};

constexpr std::string_view kFailure[] = {
    "abort",          "aborted",     "aborting",    "blocked",      "broken",         "cannot",
    "cant",           "conflicted",  "corrupt",     "corrupted",    "couldnt",        "crash",
    "crashed",        "denied",      "errno",       "error",        "errored",        "errors",
    "exception",      "exceptions",  "fail",        "failed",       "failing",        "fails",
    "failure",        "failures",    "fatal",       "incomplete",   "interrupted",    "lose",
    "losing",         "loss",        "lost",        "nack",         "nacked",         "panic",
    "parked",         "refused",     "refuses",     "refusing",     "reject",         "rejected",
    "rejecting",      "rejection",   "rejections",  "rejects",      "rollback",       "spooled",
    "terminated",     "throttled",   "timedout",    "timeout",      "timeouts",       "unable",
    "unacknowledged", "unavailable", "undelivered", "unsuccessful", "unsuccessfully", "unwritable",
    "unwritten",      "violated",    "violates",    "violation",
};
constexpr std::string_view kGaveUp[] = {
    "abandon",  "abandoned", "abandoning", "abandons", "discard", "discarded", "discarding",
    "discards", "drop",      "dropped",    "dropping", "drops",   "evicted",   "exhausted",
    "lost",     "skip",      "skipped",    "skipping", "skips",
};
constexpr std::string_view kRole[] = {
    "backup", "cache", "copy", "mirror", "primary", "replica", "secondary", "shadow", "standby",
};
constexpr std::string_view kObject[] = {
    "batch",      "batches",     "blob",     "broker",      "bucket",     "bulk",        "catalog",
    "cell",       "cells",       "chunk",    "chunks",      "collection", "collections", "column",
    "columns",    "coordinator", "data",     "database",    "datapoint",  "datapoints",  "dataset",
    "db",         "disk",        "doc",      "docs",        "document",   "documents",   "embedding",
    "embeddings", "entities",    "entity",   "entries",     "entry",      "event",       "events",
    "exchange",   "field",       "fields",   "file",        "files",      "hash",        "index",
    "indexes",    "indices",     "kafka",    "key",         "keys",       "measurement", "metadata",
    "mutation",   "mutations",   "object",   "objects",     "offset",     "offsets",     "partition",
    "point",      "points",      "property", "queue",       "record",     "records",     "relation",
    "row",        "rows",        "schema",   "segment",     "snapshot",   "store",       "stream",
    "table",      "tables",      "topic",    "transaction", "tuple",      "values",      "vector",
    "vectors",    "warehouse",
};
constexpr std::string_view kUnit[] = {
    "action",  "actions", "batch",     "batches",    "chunk",      "chunks",   "delete",   "deletes",
    "doc",     "docs",    "document",  "documents",  "entities",   "entity",   "entries",  "entry",
    "event",   "events",  "file",      "files",      "insert",     "inserts",  "item",     "items",
    "key",     "keys",    "line",      "lines",      "message",    "messages", "mutation", "mutations",
    "object",  "objects", "operation", "operations", "page",       "pages",    "part",     "parts",
    "point",   "points",  "record",    "records",    "request",    "requests", "row",      "rows",
    "s",       "shard",   "shards",    "statement",  "statements", "update",   "updates",  "upsert",
    "upserts", "vector",  "vectors",   "write",      "writes",
};
constexpr std::string_view kIntroducer[] = {
    "error", "errors", "exception", "fail", "failed", "failing", "fails", "failure", "problem", "trouble",
};
constexpr std::string_view kConnector[] = {
    "a",         "again",        "an",   "any",   "attempting", "be",   "been", "by",       "during", "even",
    "executing", "for",          "from", "fully", "has",        "have", "in",   "occurred", "of",     "on",
    "raised",    "successfully", "the",  "to",    "trying",     "was",  "when", "while",    "with",
};
constexpr std::string_view kNotAFailure[] = {
    "budget",    "callback",  "code",     "codes",    "count", "counter", "counts",
    "handler",   "handlers",  "handling", "level",    "log",   "logger",  "logging",
    "logs",      "page",      "pages",    "rate",     "rates", "ratio",   "reporter",
    "reporting", "threshold", "tracker",  "tracking",
};
constexpr std::string_view kNotAnAction[] = {
    "access",       "ack",        "acknowledgement", "acknowledgment", "answer",  "client",
    "confirmation", "connection", "connections",     "error",          "errors",  "exception",
    "failure",      "leader",     "lease",           "lock",           "locks",   "mutex",
    "only",         "permission", "quorum",          "replies",        "reply",   "response",
    "responses",    "semaphore",  "session",         "signal",         "timeout", "token"};
constexpr std::string_view kNotARole[] = {
    "connect",   "connecting", "connection", "connections", "election", "failover", "health",
    "heartbeat", "host",       "key",        "keys",        "node",     "over",     "ping",
    "probe",     "set",        "shard",      "step",        "stepdown",
};

static_assert(std::is_sorted(std::begin(kVerbs), std::end(kVerbs),
                             [](const Stem& a, const Stem& b) { return a.word < b.word; }));
static_assert(std::ranges::is_sorted(kFailure) && std::ranges::is_sorted(kGaveUp));
static_assert(std::ranges::is_sorted(kRole) && std::ranges::is_sorted(kNotARole));
static_assert(std::ranges::is_sorted(kObject) && std::ranges::is_sorted(kUnit));
static_assert(std::ranges::is_sorted(kIntroducer) && std::ranges::is_sorted(kConnector));
static_assert(std::ranges::is_sorted(kNotAFailure) && std::ranges::is_sorted(kNotAnAction));

std::span<const std::string_view> WordsOf(WordList list) {
  switch (list) {
    case WordList::kFailure:
      return kFailure;
    case WordList::kGaveUp:
      return kGaveUp;
    case WordList::kRole:
      return kRole;
    case WordList::kObject:
      return kObject;
    case WordList::kUnit:
      return kUnit;
    case WordList::kIntroducer:
      return kIntroducer;
    case WordList::kConnector:
      return kConnector;
    case WordList::kNotAFailure:
      return kNotAFailure;
    case WordList::kNotAnAction:
      return kNotAnAction;
    case WordList::kNotARole:
      return kNotARole;
  }
  return {};
}

Verb StemVerb(std::string_view stem) {
  const Stem* found = std::lower_bound(std::begin(kVerbs), std::end(kVerbs), stem,
                                       [](const Stem& s, std::string_view w) { return s.word < w; });
  return found != std::end(kVerbs) && found->word == stem ? found->verb : Verb::kNone;
}

std::string_view Irregular(std::string_view word) {
  for (const auto& [inflected, stem] : kIrregular) {
    if (inflected == word) return stem;
  }
  return {};
}

// The verb left when `ending` is taken off, with the letters that English adds or drops there:
// sav-ing (save), put-t-ing, cop-i-ed, push-es.
Verb WithoutEnding(std::string_view word, std::string_view ending) {
  if (word.size() < ending.size() + 2 || !word.ends_with(ending)) return Verb::kNone;
  const std::string_view base = word.substr(0, word.size() - ending.size());
  if (Verb verb = StemVerb(base); verb != Verb::kNone) return verb;
  std::array<char, 32> buffer{};
  if (base.size() + 1 >= buffer.size()) return Verb::kNone;
  std::copy(base.begin(), base.end(), buffer.begin());
  buffer[base.size()] = 'e';
  if (Verb verb = StemVerb({buffer.data(), base.size() + 1}); verb != Verb::kNone) return verb;
  if (base.back() == 'i') {
    buffer[base.size() - 1] = 'y';
    return StemVerb({buffer.data(), base.size()});
  }
  return base.size() > 2 && base.back() == base[base.size() - 2] ? StemVerb(base.substr(0, base.size() - 1))
                                                                 : Verb::kNone;
}

}  // namespace

bool IsIn(WordList list, std::string_view word) {
  const std::span<const std::string_view> words = WordsOf(list);
  return std::binary_search(words.begin(), words.end(), word);
}

Verb VerbOf(std::string_view word) {
  if (word.size() < 3) return Verb::kNone;
  if (Verb verb = StemVerb(word); verb != Verb::kNone) return verb;
  if (std::string_view stem = Irregular(word); !stem.empty()) return StemVerb(stem);
  for (std::string_view ending : {"s", "es"}) {
    if (Verb verb = WithoutEnding(word, ending); verb != Verb::kNone) return verb;
  }
  for (std::string_view ending : {"ing", "ed"}) {
    const Verb verb = WithoutEnding(word, ending);
    if (verb == Verb::kWeakWrite && word != "cached" && word != "mirrored") return Verb::kWrite;
    if (verb == Verb::kWeakRead) return Verb::kRead;
    if (verb != Verb::kNone) return verb;
  }
  return Verb::kNone;
}

bool IsWritten(std::string_view word) {
  if (!word.ends_with("ed") && !word.ends_with("en") && word != "put" && word != "sent") return false;
  const Verb verb = VerbOf(word);
  return verb == Verb::kWrite || verb == Verb::kObjectWrite;
}

}  // namespace gainsay
