// Where the JSON of a log keeps level, time and message, if not under any of the names that are known.
//
//   StructuredFields fields(plan, paths, zone);
//   fields.Add(record);            // for each record
//   fields.Propose(&proposal);
//
// Thread rules: one object, one thread.
#ifndef GAINSAY_DISCOVERY_STRUCTURED_FIELDS_H_
#define GAINSAY_DISCOVERY_STRUCTURED_FIELDS_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "discovery/proposal.h"
#include "record/attribute_paths.h"
#include "record/fields.h"
#include "record/record.h"

namespace gainsay {

class StructuredFields {
 public:
  // `plan` must have slots for `paths`, and outlive the object.
  StructuredFields(const FieldPlan& plan, const AttributePaths& paths, Zone zone);
  void Add(const Record& record);
  void Propose(Proposal* proposal) const;

 private:
  struct Attribute {
    std::string path;
    size_t slot = 0;
    uint64_t count = 0, levels = 0, times = 0, sentences = 0;
    std::set<std::string> values;  // the first few
  };

  bool LooksLikeLevel(const Attribute& attribute) const;
  void Tell(Field field, uint64_t found, Proposal* proposal) const;

  Zone zone_;
  std::vector<Attribute> attributes_;
  uint64_t records_ = 0, with_level_ = 0, with_time_ = 0, with_message_ = 0;
};

}  // namespace gainsay

#endif  // GAINSAY_DISCOVERY_STRUCTURED_FIELDS_H_
