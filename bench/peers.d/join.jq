# Joins lost writes to what became of their tasks: "task<TAB>run" for each run that ended well over a lost write.
def plain($level; $message; $task): {level: ($level | ascii_downcase), message: $message, task: $task};

def inner:
  if startswith("{") then (fromjson? // {level: "", msg: ""} | plain(.level; .msg; .task_id))
  else
    (capture("^\\[[^\\]]*?: (?<level>[A-Z]+)/[^\\]]*\\] (?:[\\w.]+\\[(?<task>[0-9a-f-]{36})\\]: )?(?<message>.*)"; "s")
      // {level: "", message: "", task: null}) | plain(.level; .message; .task)
  end;

def normal:
  if .MESSAGE then (.MESSAGE | if type == "array" then implode else . end | inner)
  elif (.log | type) == "string" then (.log | inner)
  elif .log then plain(.log.level; .message; .labels.task_id)
  else plain(.levelname; .message; .task_id) end;

def role: if test("^[^:]*\\bsecondary\\b") then "secondary" else "primary" end;

def event:
  .level as $level | .task as $task | .message
  | if test("^Task |^Discarding ") then
      capture("^(?:Task|Discarding revoked task:) \\S+?\\[(?<task>[^\\]]+)\\](?: (?<kind>received|succeeded|raised|retry))?")
    elif $task == null then empty
    elif $level == "error" or $level == "warning" then
      select(test("\\b(?:write|insert|upsert)\\b[^:]* (?:failed|rejected)\\b|\\b(?:failed to|could not|unable to|error while|giving up on) (?:insert|write|save|upserting|persist|publish|storing)\\b"))
      | select(contains("will retry") | not)
      | {task: $task, kind: "lost", role: role}
    else
      select(test("\\bwrite (?:ok|succeeded|done) (?:on|after)\\b|\\bwritten after retry\\b|\\bretry succeeded\\b"))
      | {task: $task, kind: "fixed", role: role}
    end;

def lies: .state == "succeeded" and (.open | any);

def step($kind; $role):
  if $kind == "received" then
    if .state == "succeeded" or .state == "revoked" then
      (if lies then .lies += [.run] else . end) | .run += 1
    else . end
    | .state = "" | .open = {}
  elif $kind == "lost" then .open[$role] = true
  elif $kind == "fixed" then .open[$role] = false
  else .state = ($kind // "revoked") end;

# Grouped first: jq 1.6 copies an object that a reduce over all tasks would change.
[inputs | normal | event] | group_by(.task)[]
| .[0].task as $task
| reduce .[] as $event ({run: 1, state: "", open: {}, lies: []}; step($event.kind; $event.role))
| (.lies[], (if lies then .run else empty end)) | "\($task)\t\(.)"
