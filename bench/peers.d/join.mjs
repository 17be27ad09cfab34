// Joins lost writes to what became of their tasks: candidate lines on stdin, "task<TAB>run" for each run that
// ended well over a lost write. Flat JSON, ECS, journalctl -o json and Docker's json-file, the latter two around
// Celery's text or around JSON.
const TEXT = /^\[[^\]]*?: ([A-Z]+)\/[^\]]*\] (?:[\w.]+\[([0-9a-f-]{36})\]: )?([^]*)/;
const LIFE = /^Task \S+?\[([^\]]+)\] (received|succeeded in|raised unexpected|retry:)/;
const REVOKED = /^Discarding revoked task: \S+?\[([^\]]+)\]/;
const LOST = new RegExp(
  '\\b(?:write|insert|upsert)\\b[^:]* (?:failed|rejected)\\b' +
  '|\\b(?:failed to|could not|unable to|error while|giving up on) ' +
  '(?:insert|write|save|upserting|persist|publish|storing)\\b');
const POSTPONED = /\bwill retry\b/;
const RECOVERED = /\bwrite (?:ok|succeeded|done) (?:on|after)\b|\bwritten after retry\b|\bretry succeeded\b/;
const SECONDARY = /^[^:]*\bsecondary\b/;

const tasks = new Map();
const answer = [];

function taskOf(id) {
  let task = tasks.get(id);
  if (task === undefined) {
    task = { run: 1, state: '', primary: false, secondary: false };
    tasks.set(id, task);
  }
  return task;
}

function closeRun(id, task) {
  if (task.state === 'succeeded in' && (task.primary || task.secondary)) answer.push(`${id}\t${task.run}`);
}

function started(id) {
  const task = taskOf(id);
  if (task.state === 'succeeded in' || task.state === 'revoked') {
    closeRun(id, task);
    task.run++;
  }
  task.state = '';
  task.primary = task.secondary = false;
}

function judge(level, message, id) {
  let match = LIFE.exec(message);
  if (match !== null) {
    if (match[2] === 'received') started(match[1]);
    else taskOf(match[1]).state = match[2];
    return;
  }
  if ((match = REVOKED.exec(message)) !== null) {
    taskOf(match[1]).state = 'revoked';
    return;
  }
  if (!id) return;
  const role = SECONDARY.test(message) ? 'secondary' : 'primary';
  if (level === 'error' || level === 'warning') {
    if (LOST.test(message) && !POSTPONED.test(message)) taskOf(id)[role] = true;
  } else if (RECOVERED.test(message)) {
    taskOf(id)[role] = false;
  }
}

function judgeInner(text) {
  if (text.startsWith('{')) {
    const inner = JSON.parse(text);
    judge(inner.level, inner.msg, inner.task_id);
    return;
  }
  const match = TEXT.exec(text);
  if (match !== null) judge(match[1].toLowerCase(), match[3], match[2]);
}

function readLine(line) {
  let record;
  try {
    record = JSON.parse(line);
    if (record.MESSAGE !== undefined) {
      const text = record.MESSAGE;
      judgeInner(Array.isArray(text) ? Buffer.from(text).toString() : text);
    } else if (typeof record.log === 'string') {
      judgeInner(record.log);
    } else if (record.log !== undefined) {
      judge(record.log.level, record.message, record.labels?.task_id);
    } else {
      judge(record.levelname.toLowerCase(), record.message, record.task_id);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
}

let rest = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) {
  const text = rest + chunk;
  let begin = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', begin)) {
    readLine(text.slice(begin, end));
    begin = end + 1;
  }
  rest = text.slice(begin);
}
if (rest !== '') readLine(rest);
for (const [id, task] of tasks) closeRun(id, task);
if (answer.length > 0) console.log(answer.join('\n'));
