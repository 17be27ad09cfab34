# Joins lost writes to what became of their tasks: candidate lines on stdin, "task<TAB>run" for each run that
# ended well over a lost write. It has no JSON reader: it knows by heart where these four loggers put things.
BEGIN {
  for (i = 0; i < 256; i++) letter[i] = sprintf("%c", i)
  h = "[0-9a-f]"
  h4 = h h h h
  id = h4 h4 "-" h4 "-" h4 "-" h4 "-" h4 h4 h4
  in_brackets = "\\[" id "\\]"
  in_field = "task_id\\\\?\":\\\\?\"" id
  lost = "(write|insert|upsert) [^:]*(failed|rejected)|(write|upsert) failed|(failed to|could not|unable to|error while|giving up on) (insert|write|save|upserting|persist|publish|storing) "
  recovered = "write (ok|succeeded|done) (on|after) |written after retry|retry succeeded"
}

function decode(line,    n, i, bytes, text) {
  match(line, /"MESSAGE":\[[0-9,]*\]/)
  n = split(substr(line, RSTART + 11, RLENGTH - 12), bytes, ",")
  for (i = 1; i <= n; i++) text = text letter[bytes[i]]
  return text
}

function unescape(line) {
  gsub(/\\+u005b/, "[", line)
  gsub(/\\+u005d/, "]", line)
  gsub(/\\+u0027/, "'", line)
  return line
}

function close_run(task) {
  if (state[task] == "succeeded" && (primary[task] || secondary[task])) print task "\t" run[task] + 1
}

function started(task) {
  if (state[task] == "succeeded" || state[task] == "revoked") {
    close_run(task)
    run[task]++
  }
  state[task] = ""
  primary[task] = secondary[task] = 0
}

/"MESSAGE":\[/ { $0 = decode($0) }
/\\u00/ { $0 = unescape($0) }

/Task [^ ]*\] (received|succeeded in|raised unexpected|retry:)|Discarding revoked task:/ {
  match($0, in_brackets)
  task = substr($0, RSTART + 1, 36)
  if (/\] received/) started(task)
  else if (/\] succeeded in/) state[task] = "succeeded"
  else state[task] = /revoked/ ? "revoked" : "other"
  next
}

{
  if (match($0, in_field)) task = substr($0, RSTART + RLENGTH - 36, 36)
  else if (match($0, in_brackets)) task = substr($0, RSTART + 1, 36)
  else next
  if (!match($0, /"message":"|msg\\*":\\*"|\]: /)) next
  text = substr($0, RSTART + RLENGTH)
  is_secondary = match(text, /^[^:"]*secondary/)
}

/: (ERROR|WARNING)\/|level(name)?\\*":\\*"(ERROR|WARNING|error|warning)/ {
  if (text !~ lost || text ~ /will retry/) next
  state[task] = state[task]
  if (is_secondary) secondary[task] = 1
  else primary[task] = 1
  next
}

text ~ recovered {
  if (is_secondary) secondary[task] = 0
  else primary[task] = 0
}

END { for (task in state) close_run(task) }
