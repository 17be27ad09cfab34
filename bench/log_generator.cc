// Each worker holds one task at a time, and each task is a short script: what happens, hence what the verdict
// must be, is decided when the task is opened. Chatter is dealt out between a script's steps in proportion to
// the wanted share of candidates. Then workers take turns by chance, one line a turn.
#include "log_generator.h"

#include <numeric>
#include <utility>

#include "log_words.h"

namespace gainsay {

uint64_t LogTruth::AllLines() const { return std::accumulate(lines.begin(), lines.end(), uint64_t{0}); }

uint64_t LogTruth::Runs(std::string_view verdict) const {
  uint64_t count = 0;
  for (const RunTruth& run : runs) count += run.verdict == verdict ? 1 : 0;
  return count;
}

LogGenerator::LogGenerator(const LogOptions& options) : options_(options), dice_(options.seed) {
  slots_.resize(options.workers);
  for (uint32_t i = 0; i < options.workers; ++i) {
    slots_[i].worker = i;
    Open(&slots_[i]);
  }
  live_ = options.workers;
}

bool LogGenerator::Append(std::string* out) {
  if (live_ == 0) return false;
  const uint32_t turn = dice_.Below(live_);
  Slot* slot = &slots_[turn];
  const bool closing = truth_.bytes >= options_.bytes;
  const size_t before = out->size();
  Step& step = slot->steps[slot->next];
  LogLine line;
  if (step.chatter > 0 && !closing) {
    --step.chatter;
    line = Chatter(*slot);
  } else {
    line = Spoken(slot, step);
    ++slot->next;
  }
  Dress(&line);
  AppendLine(line, out);
  last_kind_ = line.kind;
  ++truth_.lines[static_cast<size_t>(line.kind)];
  truth_.bytes += out->size() - before;
  if (slot->next < slot->steps.size()) return true;
  if (truth_.bytes < options_.bytes) {
    Open(slot);
  } else {
    std::swap(slots_[turn], slots_[--live_]);
  }
  return true;
}

// ---- What happens to a task ------------------------------------------------------------

void LogGenerator::Open(Slot* slot) {
  slot->task = dice_.Uuid();
  slot->name = dice_.Pick(kTaskNames);
  slot->number = std::to_string(10'000 + dice_.Below(90'000));
  slot->collection = dice_.Pick(kCollections);
  slot->role = dice_.OneIn(3) ? "secondary" : "primary";
  slot->other_role = slot->role == "primary" ? "secondary" : "primary";
  slot->shape =
      options_.shape != LogShape::kMixed ? options_.shape : static_cast<LogShape>(dice_.Below(kPureShapes));
  slot->inner_json = dice_.OneIn(2);
  slot->ascii = dice_.OneIn(2);
  slot->ended = false;
  slot->steps.clear();
  slot->next = 0;
  ++truth_.tasks;
  const uint32_t fate = dice_.Below(1000);
  if (fate < 8) {
    Swallowed(slot);
  } else if (fate < 12) {
    OneTargetOfTwo(slot);
  } else if (fate < 32) {
    Retried(slot, fate == 12);
  } else if (fate < 34) {
    Redelivered(slot);
  } else {
    Dull(slot);
  }
  SpreadChatter(slot);
}

// A write is lost and the task succeeds all the same; the error may come late, on another worker's lines, or
// behind a recovery, which takes back only what was before it.
void LogGenerator::Swallowed(Slot* slot) {
  const bool late = dice_.OneIn(4);
  const std::string role = dice_.OneIn(2) ? slot->role : "";
  Received(slot);
  if (dice_.OneIn(6)) Recovery(slot, role);
  if (!late) Error(slot, role);
  slot->steps.back().foreign = !late && dice_.OneIn(4);
  Succeeded(slot);
  if (late) Error(slot, role);
  Judge(slot, "contradiction");
}

// Of two targets one recovers; the other one does not, or there was no other.
void LogGenerator::OneTargetOfTwo(Slot* slot) {
  Received(slot);
  Error(slot, slot->role);
  if (dice_.OneIn(2)) Error(slot, slot->other_role);
  Recovery(slot, slot->other_role);
  Succeeded(slot);
  Judge(slot, "contradiction");
}

void LogGenerator::Retried(Slot* slot, bool lost_again) {
  Received(slot);
  Error(slot, slot->role);
  Celery(slot, LineKind::kTerminal, "INFO", std::string("retry: Retry in 3s: ") + dice_.Pick(kExceptions));
  Received(slot);
  if (lost_again) Error(slot, slot->role);
  Succeeded(slot);
  Judge(slot, lost_again ? "contradiction" : "recovered");
}

// A clean run after one that lied, or before it.
void LogGenerator::Redelivered(Slot* slot) {
  const bool first_lies = dice_.OneIn(2);
  for (uint32_t run = 1; run <= 2; ++run) {
    const bool lies = first_lies == (run == 1);
    Received(slot);
    if (lies) Error(slot, "");
    Succeeded(slot);
    Judge(slot, lies ? "contradiction" : "clean", run);
  }
}

// No contradiction, though much looks like one.
void LogGenerator::Dull(Slot* slot) {
  Received(slot);
  const uint32_t fate = dice_.Below(1000);
  if (fate < 15) {
    const std::string role = dice_.OneIn(2) ? slot->role : "";
    Error(slot, role);
    Recovery(slot, role);
    Succeeded(slot);
    Judge(slot, "recovered");
  } else if (fate < 60) {
    if (dice_.OneIn(2)) Error(slot, dice_.OneIn(2) ? slot->role : "");
    Raised(slot);
    Judge(slot, "failed");
  } else if (fate < 65) {
    if (dice_.OneIn(2)) Error(slot, "");
    Say(slot, LineKind::kApplication, "INFO", kApplicationLines[0]);
    Judge(slot, "unfinished");
  } else if (fate < 70) {
    Step step;
    step.kind = LineKind::kTerminal;
    step.by_celery = step.by_main = true;
    step.message = "Discarding revoked task: " + std::string(slot->name) + "[" + slot->task + "]";
    slot->steps.push_back(std::move(step));
    Judge(slot, "cancelled");
  } else {
    if (fate < 90) Say(slot, LineKind::kReadError, "ERROR", dice_.Pick(kReadErrors));
    if (fate >= 90 && fate < 110) Say(slot, LineKind::kPostponed, "WARNING", dice_.Pick(kPostponed));
    if (fate >= 110 && fate < 140) Say(slot, LineKind::kQuote, "INFO", dice_.Pick(kQuotes));
    Succeeded(slot);
    Judge(slot, "clean");
  }
}

void LogGenerator::Judge(Slot* slot, const char* verdict, uint32_t run) {
  truth_.runs.push_back({slot->task, run, verdict});
}

// ---- What a task says ------------------------------------------------------------------

void LogGenerator::Received(Slot* slot) {
  Celery(slot, LineKind::kStart, "INFO", "received");
  slot->steps.back().by_main = true;
}

void LogGenerator::Succeeded(Slot* slot) {
  const std::string seconds = "0." + std::to_string(100'000 + dice_.Below(900'000));
  Celery(slot, LineKind::kTerminal, "INFO", "succeeded in " + seconds + "s: " + dice_.Pick(kReturnValues));
}

void LogGenerator::Raised(Slot* slot) {
  Celery(slot, LineKind::kTerminal, "ERROR", std::string("raised unexpected: ") + dice_.Pick(kExceptions));
}

void LogGenerator::Celery(Slot* slot, LineKind kind, const char* level, const std::string& what) {
  Step step;
  step.kind = kind;
  step.level = level;
  step.by_celery = true;
  step.message = "Task " + std::string(slot->name) + "[" + slot->task + "] " + what;
  slot->steps.push_back(std::move(step));
}

void LogGenerator::Say(Slot* slot, LineKind kind, const char* level, const char* wording) {
  Step step;
  step.kind = kind;
  step.level = level;
  std::string quote;
  if (kind == LineKind::kQuote) {
    quote = Fill(dice_.Pick(kPlainErrors), {"4711", "", "", ""});
    quote += std::string(": ") + dice_.Pick(kStoreTexts);
  }
  step.message = Fill(wording, {slot->number, slot->role, slot->collection, quote});
  slot->steps.push_back(std::move(step));
}

// "" as role: one that the wording does not name, so the primary.
void LogGenerator::Error(Slot* slot, const std::string& role) {
  Step step;
  step.kind = LineKind::kError;
  step.level = role == "secondary" && dice_.OneIn(2) ? "WARNING" : "ERROR";
  const char* wording = role.empty() ? dice_.Pick(kPlainErrors) : dice_.Pick(kRoleErrors);
  step.message = Fill(wording, {slot->number, role, slot->collection, ""});
  step.error = dice_.Pick(kStoreTexts);
  if (dice_.OneIn(2)) {
    step.message += ": " + step.error;
    step.error.clear();
  }
  slot->steps.push_back(std::move(step));
}

void LogGenerator::Recovery(Slot* slot, const std::string& role) {
  Step step;
  step.kind = LineKind::kResolution;
  const char* wording = role.empty() ? dice_.Pick(kPlainRecoveries) : dice_.Pick(kRoleRecoveries);
  step.message = Fill(wording, {slot->number, role, slot->collection, ""});
  slot->steps.push_back(std::move(step));
}

// ---- Lines -----------------------------------------------------------------------------

void LogGenerator::SpreadChatter(Slot* slot) {
  const uint64_t candidates = slot->steps.size();
  chatter_debt_ += candidates * (1000 - options_.candidates_per_mille);
  const uint64_t lines = chatter_debt_ / options_.candidates_per_mille;
  chatter_debt_ %= options_.candidates_per_mille;
  for (uint64_t i = 0; i < lines; ++i) ++slot->steps[dice_.Below(static_cast<uint32_t>(candidates))].chatter;
}

Escapes LogGenerator::AnyEscapes() { return static_cast<Escapes>(1 + dice_.Below(3)); }

LogLine LogGenerator::Chatter(const Slot& slot) {
  LogLine line;
  const bool of_task = slot.next > 0 && !slot.ended && !dice_.OneIn(8);
  const char* wording = of_task ? dice_.Pick(kApplicationLines) : dice_.Pick(kServerLines);
  line.message = Fill(wording, {slot.number, slot.role, slot.collection, ""});
  line.level = dice_.OneIn(6) ? "DEBUG" : dice_.OneIn(40) ? "WARNING" : "INFO";
  line.shape = slot.shape;
  line.inner_json = slot.inner_json;
  line.ascii = slot.ascii;
  line.byte_array = slot.shape == LogShape::kJournald && dice_.OneIn(200);
  if (dice_.OneIn(200)) line.escapes = AnyEscapes();
  line.worker = slot.worker;
  if (of_task) {
    line.task = slot.task;
    line.name = slot.name;
  }
  return line;
}

LogLine LogGenerator::Spoken(Slot* slot, const Step& step) {
  LogLine line;
  line.kind = step.kind;
  line.shape = slot->shape;
  line.inner_json = slot->inner_json;
  line.ascii = slot->ascii;
  line.by_celery = step.by_celery;
  line.by_main = step.by_main;
  line.byte_array = slot->shape == LogShape::kJournald && dice_.OneIn(20);
  if (dice_.OneIn(20)) line.escapes = AnyEscapes();
  line.level = step.level;
  line.worker = step.foreign ? (slot->worker + 7) % options_.workers : slot->worker;
  line.task = slot->task;
  line.name = slot->name;
  line.message = step.message;
  line.error = step.error;
  slot->ended = step.kind == LineKind::kTerminal;
  return line;
}

void LogGenerator::Dress(LogLine* line) {
  time_us_ += 50 + dice_.Below(2'000);
  line->time_us = time_us_;
  line->serial = ++serial_;
}

}  // namespace gainsay
