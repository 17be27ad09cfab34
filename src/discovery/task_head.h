// Messages that begin with their task's id: "a.reindex[7c3d…]: …", "pid=11 tid=1kd jid=b4a5 INFO: …".
//
// Thread rules: a free function without state.
#ifndef GAINSAY_DISCOVERY_TASK_HEAD_H_
#define GAINSAY_DISCOVERY_TASK_HEAD_H_

#include "discovery/log_sample.h"
#include "discovery/proposal.h"
#include "discovery/task_ids.h"

namespace gainsay {

// Proposes a format that takes the head off, so that every record behind it has its task. True if one was
// added: the log is then to be read anew.
bool ProposeTaskHead(const LogSample& sample, const TaskIds& ids, Proposal* proposal);

}  // namespace gainsay

#endif  // GAINSAY_DISCOVERY_TASK_HEAD_H_
