#include "log_words.h"

namespace gainsay {

const std::array<const char*, 6> kTaskNames = {"catalog.sync_listing",     "catalog.reindex",
                                               "search.refresh_embedding", "billing.close_invoice",
                                               "media.thumbnails",         "crm.merge_contacts"};

const std::array<const char*, 4> kCollections = {"listings", "invoices", "embeddings_v2", "contacts"};

const std::array<const char*, 24> kApplicationLines = {
    "fetched {n} listings from the catalog feed in 132 ms",
    "rendered template mail/weekly_digest.html for segment {n}",
    "computed embedding batch {n} of 512 vectors, model e5-large",
    "cache hit ratio 0.97 over {n} look-ups",
    "document {n} normalised: 14 fields kept, 3 renamed",
    "resolved currency EUR for region {n}",
    "queue depth is {n}, 12 workers busy",
    "parsed feed page {n}, next cursor eyJvIjoxMjB9",
    "price of article {n} changed from 12.90 to 11.90",
    "customer segment {n} holds 1204 members",
    "thumbnail {n} scaled to 640x480 in 18 ms",
    "mapping v7 of {coll} is current, nothing to migrate",
    "primary write ok for document {n}",
    "secondary write ok for document {n}",
    "checksum of part {n} matches",
    "merged 2 addresses of contact {n}",
    "Gr\xc3\xb6\xc3\x9f"
    "e {n} \xc3\xbc"
    "ber Filiale M\xc3\xbcnchen best\xc3\xa4tigt",
    "\xe6\xb3\xa8\xe6\x96\x87 {n} "
    "\xe3\x82\x92\xe5\x8f\x97\xe3\x81\x91\xe4\xbb\x98\xe3\x81\x91\xe3\x81\xbe\xe3\x81\x97\xe3\x81\x9f",
    "loaded 3 rules of shop {n}",
    "span {n} closed after 41 ms",
    "feature flag checkout_v2 is on for cohort {n}",
    "slow query: 812 ms for SELECT of page {n}",
    "token bucket {n} has 41 of 60 left",
    "pdf of invoice {n} is 88213 bytes long",
};

const std::array<const char*, 6> kServerLines = {
    "GET /api/v1/items/{n} HTTP/1.1 200 5123 0.012",
    "POST /api/v1/search HTTP/1.1 200 {n} 0.087",
    "GET /healthz HTTP/1.1 200 2 0.001",
    "GET /api/v1/items?page={n}&sort=price HTTP/1.1 200 9120 0.031",
    "heartbeat {n} from worker pool",
    "metrics pushed: {n} series",
};

const std::array<const char*, 5> kRoleErrors = {
    "{role} write failed",
    "{role} dual-write failed for document {n}",
    "{role} upsert into {coll} failed",
    "{role} insert of document {n} rejected",
    "could not write document {n} to the {role} index",
};

const std::array<const char*, 7> kPlainErrors = {
    "failed to insert document {n}",
    "could not save record {n}",
    "error while upserting document {n}",
    "unable to persist document {n}",
    "bulk upsert of document {n} failed, continuing",
    "failed to publish document {n} to the outgoing topic",
    "giving up on storing document {n}",
};

const std::array<const char*, 30> kStoreTexts = {
    "READONLY You can't write against a read only replica.",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "NOREPLICAS Not enough good replicas to write.",
    "WRONGTYPE Operation against a key holding the wrong kind of value",
    "CLUSTERDOWN The cluster is down and only accepts read commands",
    "psycopg.errors.CheckViolation: no partition of relation \"events\" found for row",
    "ERROR:  duplicate key value violates unique constraint \"t_pkey\"",
    "ERROR: cannot execute INSERT in a read-only transaction (SQLSTATE 25006)",
    "ERROR:  could not extend file \"base/16384/16397\": No space left on device",
    "ERROR:  column \"x\" of relation \"t\" does not exist at character 16",
    "sqlite3.OperationalError: database is locked",
    "sqlite3.OperationalError: attempt to write a readonly database",
    "sqlite3.IntegrityError: UNIQUE constraint failed: t.id",
    "KafkaError{code=_MSG_TIMED_OUT,val=-1,str=\"Local: Message timed out\"}",
    "KafkaError{code=_QUEUE_FULL,val=-1,str=\"Local: Queue full\"}",
    "KafkaError{code=NOT_LEADER_FOR_PARTITION,val=-1,str=\"Broker: Not leader for partition\"}",
    "pymongo.errors.DuplicateKeyError: E11000 duplicate key error collection: db.c index: _id_ dup key: { "
    "_id: 1 }",
    "pymongo.errors.NotPrimaryError: not primary, full error: {'ok': 0.0, 'codeName': 'NotWritablePrimary'}",
    "<DataNotMatchException: (code=1, message=Attempt to insert an unexpected field `tenant_id` to "
    "collection "
    "without enabling dynamic field)>",
    "pymilvus.exceptions.MilvusException: <MilvusException: (code=1100, message=field vector dim not match)>",
    "strict_dynamic_mapping_exception: [1:12] mapping set to strict, dynamic introduction of [x] within "
    "[_doc] is "
    "not allowed",
    "index [t] blocked by: [FORBIDDEN/8/index write (api)];",
    "etcdserver: mvcc: database space exceeded",
    "Code: 242. DB::Exception: Table is in readonly mode (replica path: /clickhouse/tables/1/t/replicas/r1). "
    "(TABLE_IS_READ_ONLY)",
    "An error occurred (ConditionalCheckFailedException) when calling the PutItem operation: The conditional "
    "request failed",
    "redis txn retry limit exceeded: key: !redis|str|user:1: write conflict",
    "ERROR: could not serialize access due to concurrent update (SQLSTATE 40001)",
    "OSError: [Errno 28] No space left on device",
    "rpc error: code = Unavailable desc = etcdserver: leader changed",
    "ERROR 1290 (HY000): The MySQL server is running with the --super-read-only option so it cannot execute "
    "this "
    "statement",
};

const std::array<const char*, 3> kReadErrors = {
    "failed to load previous version of document {n}: canceling statement due to statement timeout",
    "could not fetch facets for page {n}: connection refused",
    "read timeout while looking up contact {n}: context deadline exceeded",
};

const std::array<const char*, 3> kPostponed = {
    "primary write failed, will retry in 5s: timeout",
    "secondary write failed, will retry: connection refused",
    "write of document {n} rejected, will retry in 500ms: server is overloaded",
};

const std::array<const char*, 3> kRoleRecoveries = {
    "{role} write ok on attempt 2",
    "{role} write succeeded after 3 attempts",
    "{role} write done on retry 1",
};

const std::array<const char*, 3> kPlainRecoveries = {
    "document {n} written after retry",
    "write ok on attempt 2",
    "retry succeeded for document {n}",
};

const std::array<const char*, 5> kQuotes = {
    "indexing ticket titled \"{quote}\"",
    "customer {n} writes: '{quote}'",
    "search query \"{quote}\" gave {n} hits",
    "known issue {n}: {quote}",
    "comment {n} on the post-mortem says <{quote}>",
};

const std::array<const char*, 6> kReturnValues = {
    "None", "True", "{'ok': False, 'error': 'primary write failed'}", "'412 documents'", "{'indexed': 12}",
    "0",
};

const std::array<const char*, 4> kExceptions = {
    "ValueError('unknown currency')",
    "KeyError('region')",
    "OperationalError('database is locked')",
    "TimeoutError('feed took too long')",
};

std::string Fill(std::string_view wording, const Names& names) {
  std::string text;
  while (!wording.empty()) {
    const size_t open = wording.find('{');
    const size_t close = open == std::string_view::npos ? open : wording.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view name = wording.substr(open, close - open + 1);
    text += wording.substr(0, open);
    text += name == "{n}"       ? names.number
            : name == "{role}"  ? names.role
            : name == "{coll}"  ? names.collection
            : name == "{quote}" ? names.quote
                                : name;
    wording.remove_prefix(close + 1);
  }
  text += wording;
  return text;
}

}  // namespace gainsay
