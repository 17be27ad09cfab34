// What `rules test --coverage` prints.
#ifndef GAINSAY_ANALYZER_COVERAGE_TABLE_H_
#define GAINSAY_ANALYZER_COVERAGE_TABLE_H_

#include <iosfwd>
#include <string>
#include <vector>

#include "pipeline_rules.h"

namespace gainsay {

// A line for each rule of the packs asked for, or for each pack. With `logs`, the log's column too, and the
// rules of other packs that it used.
void WriteCoverageTable(const Coverage& coverage, const std::vector<std::string>& pack_ids, bool by_rule,
                        bool logs, std::ostream& out);

// An object for each rule of the packs asked for, and each other that a log used.
void WriteCoverageLines(const Coverage& coverage, const std::vector<std::string>& pack_ids,
                        std::ostream& out);

}  // namespace gainsay

#endif  // GAINSAY_ANALYZER_COVERAGE_TABLE_H_
