// Joins lost writes to what became of their tasks with DuckDB: "task<TAB>run" for each run that ended well over a
// lost write. A regexp over the whole line comes first, so that JSON is only read where it can matter.
const path = require('node:path');
const { DuckDBInstance } = require(path.join(process.env.PEERS_WORK, 'node_modules', '@duckdb/node-api'));

const CANDIDATE = String.raw`\] (received|succeeded in|raised unexpected|retry:)|revoked task|failed|rejected|could not|unable to|error while|giving up|on attempt|attempts|retry|"MESSAGE":\[|\\u00[2-7]`;
const TEXT = String.raw`(?s)^\[[^\]]*?: ([A-Z]+)/[^\]]*\] (?:[\w.]+\[([0-9a-f-]{36})\]: )?(.*)`;
const LIFE = String.raw`^(?:Task|Discarding revoked task:) \S+?\[([^\]]+)\](?: (received|succeeded|raised|retry))?`;
const LOST = String.raw`\b(?:write|insert|upsert)\b[^:]* (?:failed|rejected)\b|\b(?:failed to|could not|unable to|error while|giving up on) (?:insert|write|save|upserting|persist|publish|storing)\b`;
const RECOVERED = String.raw`\bwrite (?:ok|succeeded|done) (?:on|after)\b|\bwritten after retry\b|\bretry succeeded\b`;

// The order of the lines is the table's rowid.
const LINES = file => `
  CREATE TEMP TABLE lines AS SELECT line::JSON AS line FROM read_csv('${file.replaceAll("'", "''")}',
    auto_detect = false, columns = {'line': 'VARCHAR'}, delim = '\x01', quote = '', escape = '', header = false)
  WHERE regexp_matches(line, '${CANDIDATE}')`;

const ANSWER = `
  WITH wrapped AS (
    SELECT rowid AS seq, line, CASE
      WHEN json_type(line, '$.MESSAGE') = 'ARRAY'
        THEN array_to_string(list_transform(CAST(line->'$.MESSAGE' AS INTEGER[]), lambda x: chr(x)), '')
      WHEN json_type(line, '$.MESSAGE') = 'VARCHAR' THEN line->>'$.MESSAGE'
      WHEN json_type(line, '$.log') = 'VARCHAR' THEN line->>'$.log' END AS inner_text, inner_text LIKE '{%' AS is_json
    FROM lines),
  records AS (
    SELECT seq, lower(CASE WHEN inner_text IS NULL THEN coalesce(line->>'$.levelname', line->>'$.log.level')
                WHEN is_json THEN inner_text->>'$.level' ELSE regexp_extract(inner_text, '${TEXT}', 1) END) AS level,
      CASE WHEN inner_text IS NULL THEN line->>'$.message'
           WHEN is_json THEN inner_text->>'$.msg' ELSE regexp_extract(inner_text, '${TEXT}', 3) END AS message,
      CASE WHEN inner_text IS NULL THEN coalesce(line->>'$.task_id', line->>'$.labels.task_id')
           WHEN is_json THEN inner_text->>'$.task_id' ELSE nullif(regexp_extract(inner_text, '${TEXT}', 2), '') END
        AS task
    FROM wrapped),
  kinds AS (
    SELECT seq, message, CASE
        WHEN regexp_matches(message, '${LIFE}') THEN regexp_extract(message, '${LIFE}', 1) ELSE task END AS task,
      CASE WHEN regexp_matches(message, '${LIFE}')
             THEN coalesce(nullif(regexp_extract(message, '${LIFE}', 2), ''), 'revoked')
           WHEN level IN ('error', 'warning') THEN
             CASE WHEN regexp_matches(message, '${LOST}') AND NOT contains(message, 'will retry') THEN 'lost' END
           WHEN regexp_matches(message, '${RECOVERED}') THEN 'fixed' END AS kind
    FROM records),
  events AS (
    SELECT seq, task, kind, regexp_matches(message, '^[^:]*\\bsecondary\\b') AS secondary,
      count(*) FILTER (kind = 'received') OVER (PARTITION BY task ORDER BY seq) AS attempt
    FROM kinds WHERE kind IS NOT NULL AND task IS NOT NULL),
  attempts AS (
    SELECT task, attempt,
      arg_max(kind, seq) FILTER (kind IN ('succeeded', 'raised', 'retry', 'revoked')) AS state,
      coalesce(max(seq) FILTER (kind = 'lost' AND NOT secondary), -1)
        > coalesce(max(seq) FILTER (kind = 'fixed' AND NOT secondary), -1) OR
      coalesce(max(seq) FILTER (kind = 'lost' AND secondary), -1)
        > coalesce(max(seq) FILTER (kind = 'fixed' AND secondary), -1) AS lost
    FROM events GROUP BY task, attempt),
  runs AS (
    SELECT *, 1 + coalesce(count(*) FILTER (state IN ('succeeded', 'revoked')) OVER (
        PARTITION BY task ORDER BY attempt ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS run
    FROM attempts)
  SELECT task, run FROM runs WHERE state = 'succeeded' AND lost`;

async function main() {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(LINES(process.argv[2]));
  const reader = await connection.runAndReadAll(ANSWER);
  for (const [task, run] of reader.getRows()) console.log(`${task}\t${run}`);
}

main();
