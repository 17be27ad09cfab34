"""Joins lost writes to what became of their tasks: candidate lines on stdin, "task<TAB>run" for each run that
ended well over a lost write. The same as join.mjs, in Python."""
import json
import re
import sys

TEXT = re.compile(r"\[[^\]]*?: ([A-Z]+)/[^\]]*\] (?:[\w.]+\[([0-9a-f-]{36})\]: )?(.*)", re.S)
LIFE = re.compile(r"Task \S+?\[([^\]]+)\] (received|succeeded in|raised unexpected|retry:)")
REVOKED = re.compile(r"Discarding revoked task: \S+?\[([^\]]+)\]")
LOST = re.compile(
    r"\b(?:write|insert|upsert)\b[^:]* (?:failed|rejected)\b"
    r"|\b(?:failed to|could not|unable to|error while|giving up on) "
    r"(?:insert|write|save|upserting|persist|publish|storing)\b")
RECOVERED = re.compile(r"\bwrite (?:ok|succeeded|done) (?:on|after)\b|\bwritten after retry\b|\bretry succeeded\b")
SECONDARY = re.compile(r"[^:]*\bsecondary\b")


class Task:
    __slots__ = ("run", "state", "open")

    def __init__(self):
        self.run, self.state, self.open = 1, "", set()


tasks = {}
answer = []


def task_of(task_id):
    task = tasks.get(task_id)
    if task is None:
        task = tasks[task_id] = Task()
    return task


def close_run(task_id, task):
    if task.state == "succeeded in" and task.open:
        answer.append(f"{task_id}\t{task.run}")


def started(task_id):
    task = task_of(task_id)
    if task.state in ("succeeded in", "revoked"):
        close_run(task_id, task)
        task.run += 1
    task.state = ""
    task.open.clear()


def judge(level, message, task_id):
    if match := LIFE.match(message):
        if match[2] == "received":
            started(match[1])
        else:
            task_of(match[1]).state = match[2]
    elif match := REVOKED.match(message):
        task_of(match[1]).state = "revoked"
    elif task_id and level in ("error", "warning"):
        if LOST.search(message) and "will retry" not in message:
            task_of(task_id).open.add("secondary" if SECONDARY.match(message) else "primary")
    elif task_id and RECOVERED.search(message):
        task_of(task_id).open.discard("secondary" if SECONDARY.match(message) else "primary")


def judge_inner(text):
    if text.startswith("{"):
        inner = json.loads(text)
        judge(inner["level"], inner["msg"], inner.get("task_id"))
    elif match := TEXT.match(text):
        judge(match[1].lower(), match[3], match[2])


def read_line(line):
    record = json.loads(line)
    if "MESSAGE" in record:
        text = record["MESSAGE"]
        judge_inner(bytes(text).decode(errors="replace") if isinstance(text, list) else text)
    elif isinstance(log := record.get("log"), str):
        judge_inner(log)
    elif log is not None:
        judge(log["level"], record["message"], record.get("labels", {}).get("task_id"))
    else:
        judge(record["levelname"].lower(), record["message"], record.get("task_id"))


for raw in sys.stdin.buffer:
    try:
        read_line(raw)
    except (ValueError, KeyError, TypeError):
        pass
for key, value in tasks.items():
    close_run(key, value)
sys.stdout.write("".join(line + "\n" for line in answer))
