// A run's verdict. DESIGN.md section 3, "Verdict of a run".
#ifndef GAINSAY_TASK_JUDGE_H_
#define GAINSAY_TASK_JUDGE_H_

#include "task/attempts.h"
#include "task/error_filter.h"
#include "task/recovery.h"
#include "task/run.h"

namespace gainsay {

// Of a run without write errors that ended so.
Verdict VerdictOf(State state);

// Fills in everything of `run` but the task's id, its system and the run's number. `filter` may be null.
void JudgeRun(const RunDraft& draft, const DoubtfulRecoveries& doubtful, ErrorFilter* filter, Run* run);

}  // namespace gainsay

#endif  // GAINSAY_TASK_JUDGE_H_
