#include "report/reason_help.h"

namespace gainsay {

const std::vector<ReasonHelp>& AllReasonHelp() {
  static const std::vector<ReasonHelp> help = {
      {"retry_limit", "Write lost: retries used up",
       "The write was tried several times and given up. The last failure is often a conflict or a lock, but "
       "the decision to stop was the client's.",
       "Look at what failed before the limit was reached. Let the task fail when its retries are used up, "
       "instead of logging it and going on; then write the lost data again."},
      {"txn_already_finalized", "Write lost: transaction already over",
       "The statement came after its transaction was committed, rolled back or aborted, so the store took "
       "none of it.",
       "Find what ended the transaction early: an earlier error that was caught, a time-out, or one session "
       "used by two threads. Run the whole transaction again."},
      {"txn_locked", "Write lost: locked by another transaction",
       "The row, document or database was locked by somebody else for longer than the write waited.",
       "Retry such writes with a pause, take locks in one order everywhere, and keep transactions short."},
      {"serialization", "Write lost: value could not be encoded",
       "The value could not be turned into what the store or the queue takes, so it never left the process.",
       "Look at the type or the encoding that the message names, and test the serializer with such a value. "
       "A retry does not help."},
      {"write_conflict", "Write lost: conflict with another write",
       "Somebody else changed the same data first (a version, an etag or a serialization check did not "
       "hold), "
       "or the store broke a deadlock, and refused this write.",
       "Read the data again and retry the write on what is there now; if it happens often, see why two "
       "writers work on the same data."},
      {"not_leader", "Write lost: the node is not the leader",
       "The write went to a replica, or the cluster had no leader at that time.",
       "Let the client follow the leader and retry after an election. Look at what made the leader change."},
      {"read_only", "Write lost: the store is read-only",
       "The store, the replica or the file system takes no writes: a failover, a maintenance mode, a full "
       "disk that made it so, or the address of a replica in the configuration.",
       "Check what the task writes to. Nothing written since then has been kept: look for other tasks that "
       "write there."},
      {"no_space", "Write lost: no space left",
       "The disk, the memory or the inodes of the store are used up.",
       "Free or add space, then write the lost data again. Other tasks that write to the same place have "
       "probably lost writes as well."},
      {"quota_or_rate", "Write lost: quota or rate limit",
       "The store refused the write because too much or too many were written in a time.",
       "Slow down and retry as the store's answer says, spread the load, or have the limit raised."},
      {"too_large", "Write lost: too large",
       "The document, message, row or request is larger than the store or the queue takes.",
       "Split it, or raise the limit on both sides. A retry does not help."},
      {"schema_mismatch", "Write lost: schema mismatch",
       "The store does not know a field, column, type or index that was written. Often the code is newer "
       "than "
       "the schema: what was created before a field was added keeps its old schema, since \"create if "
       "missing\" "
       "does not change it.",
       "Compare the schema in the store with the one in the code, migrate it, and write the lost data again. "
       "Every write with that field is lost until then."},
      {"constraint_violation", "Write lost: constraint violation",
       "The data break a rule of the store: a duplicate key, a missing value, a foreign key, a check.",
       "See whether the data or the rule are wrong. If a duplicate is expected, write so that it is no error "
       "(upsert, on conflict do nothing)."},
      {"permission_denied", "Write lost: permission denied",
       "The account of the task may not write there, or its credentials have expired.",
       "Check the grants and the credentials of the worker. All its writes to this target are lost until "
       "then."},
      {"partial_failure", "Write lost in part",
       "A batch was written, but not all of it: the store answered with errors for single items, and the "
       "task went on.",
       "Read the answer item by item, retry the rejected ones, and fail the task when some stay rejected."},
      {"deadline_exceeded", "Write lost: time-out",
       "The write took longer than it may. The store may have taken it all the same, or not.",
       "Check whether the data are there before you write them again. Make the write idempotent and retry "
       "it, and look at the store's latency at that time."},
      {"unavailable", "Write lost: store unavailable",
       "The store answered that it can't work now: starting, overloaded, too few replicas, shards missing.",
       "Look at the store's health at that time, retry with a pause, and write the lost data again."},
      {"connection", "Write lost: connection failed",
       "The store could not be reached, or the connection broke during the write.",
       "Look at the network and the store at that time. After a broken connection the write may have been "
       "taken: check before you write it again."},
      {"other", "Write lost",
       "The log says that a write was refused or lost, in words that belong to no known reason.",
       "Read the message. If you meet it often, give it a name with a [[reason]] in a rule pack."}};
  return help;
}

const ReasonHelp& HelpFor(std::string_view reason) {
  for (const ReasonHelp& help : AllReasonHelp()) {
    if (help.reason == reason) return help;
  }
  return AllReasonHelp().back();
}

}  // namespace gainsay
