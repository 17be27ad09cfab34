// What a finding says in one sentence, and which findings come first where not all have room.
//
// Thread rules: free functions without state.
#ifndef GAINSAY_REPORT_HEADLINE_H_
#define GAINSAY_REPORT_HEADLINE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "report/document.h"

namespace gainsay {

// The texts are unescaped.

// The first write error, the one that the finding's cause is made of; one without texts where a document
// read back has none.
const DocumentError& FirstError(const DocumentFinding& finding);

// "schema_mismatch"; "other" if the document has none.
std::string ReasonOf(const DocumentFinding& finding);

// "schema_mismatch on primary/media_v2".
std::string WhatWasLost(const DocumentFinding& finding);

// "media.reindex reported succeeded over a lost write (schema_mismatch on primary/media_v2)".
std::string Headline(const DocumentFinding& finding);

// "5d9dc9f8-…, run 2, attempt 3"; only what is not 1.
std::string TaskAndRun(const DocumentFinding& finding);

// What the error says; its cause's line behind it, where the message does not name it.
std::string MessageOf(const DocumentError& error);

// Which findings a gate lets pass, since all of their causes are known. Views into the document.
class KnownFindings {
 public:
  explicit KnownFindings(const Document& document);

  // Its first cause as the baseline has it; null where the finding counts, or no gate has seen it.
  const GateCause* Of(const DocumentFinding& finding) const;

 private:
  std::map<std::string_view, const GateCause*> causes_;
};

// Indices of all findings, those that are known last: the first of each cause, causes with most findings
// first; then the second of each, and so on. So the first ones show as many causes as they can.
std::vector<size_t> WorstFirst(const Document& document);

}  // namespace gainsay

#endif  // GAINSAY_REPORT_HEADLINE_H_
