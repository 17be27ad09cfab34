// Ids that stay the same after a restart, on another machine, in a log that begins
// elsewhere: the first 16 hex digits of SHA-256 over what does not move.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_FINDING_ID_H_
#define GAINSAY_FINDING_ID_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "event/event.h"
#include "task/run.h"

namespace gainsay {

// The message's template: what varies from case to case is masked. Only its first line; numbers become
// "#", quoted values '?', uuids and long hexadecimal or mixed ids "<id>", the event's subject
// "<subject>". The same text for the same kind of failure, whatever task it struck.
std::string MaskMessage(std::string_view message, std::string_view subject = "");

// Over task id, terminal time and masked terminal message.
std::string FindingId(std::string_view task, int64_t terminal_ns, std::string_view terminal_message);

// Over reason, role, collection (or captured target) and message template.
std::string CauseId(std::string_view reason, const Event& error);

}  // namespace gainsay

#endif  // GAINSAY_FINDING_ID_H_
