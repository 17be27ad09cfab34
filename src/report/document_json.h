// Parts of a document out of the JSON that report/jsonl.cc wrote. What is missing, or of another kind than it
// should be, is left as it is in a new value. For read_document.cc.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_DOCUMENT_JSON_H_
#define GAINSAY_REPORT_DOCUMENT_JSON_H_

#include "record/json_tree.h"
#include "report/document.h"

namespace gainsay {

DocumentFinding FindingOf(const JsonTree& json);
DocumentTask TaskOf(const JsonTree& json);
Cause CauseOf(const JsonTree& json);
Gate GateOf(const JsonTree& json);

// Adds the summary's counts and lists to `summary`; of the inputs only those that it tells of.
void AddTo(const JsonTree& json, Summary* summary);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_DOCUMENT_JSON_H_
