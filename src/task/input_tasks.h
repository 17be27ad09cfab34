// Inputs that are tasks of their own: what no other task claims of such an input is its own. DESIGN.md
// section 4,
// "--reported".
//
// For correlator.cc.
#ifndef GAINSAY_TASK_INPUT_TASKS_H_
#define GAINSAY_TASK_INPUT_TASKS_H_

#include <deque>
#include <vector>

#include "task/attribution.h"
#include "task/input_task.h"

namespace gainsay {

// Adds a task for each input, with its terminal (kept in `storage`), the unattributed errors of that input,
// and those of tasks that no start, terminal or mention tells of; what is only build output stays
// unattributed.
void TakeUnclaimed(const std::vector<InputTask>& inputs, const Timeline& timeline, const Matcher& matcher,
                   Attribution* attribution, std::deque<KeptEvent>* storage);

// Such a task has one run, which lasts from the first line to the last.
RunDraft RunOfInput(const Task& task);

}  // namespace gainsay

#endif  // GAINSAY_TASK_INPUT_TASKS_H_
