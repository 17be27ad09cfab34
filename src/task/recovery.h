// Which write errors a resolution takes back. DESIGN.md section 3, "Resolved".
//
// A resolution speaks of the same write as an error if role and captured target are equal (none equals
// only none) and they don't name two different subjects. All questions are answered by hashing these three: a
// run with a hundred thousand errors and as many recoveries costs no more per line than a small one.
#ifndef GAINSAY_TASK_RECOVERY_H_
#define GAINSAY_TASK_RECOVERY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "task/attempts.h"

namespace gainsay {

// Why a resolution does not take an error back.
enum class Misfit : uint8_t { kNone, kEarlier, kRole, kTarget, kSubject };
Misfit WhyUnfit(const Placed& resolution, const Placed& error);

// The resolutions of one run.
class Recoveries {
 public:
  void Add(const Placed& resolution);
  // Whether a later resolution takes the error back.
  bool Resolves(const Placed& error) const;

 private:
  // Order of the last resolution, by role, target and subject; and by role and target, of any subject.
  absl::flat_hash_map<std::string, uint64_t> last_;
};

// Resolutions that fit open errors of several runs: each may be of any of them.
class DoubtfulRecoveries {
 public:
  // In order.
  void Add(const Placed& resolution);
  // Whether one of them, before `until`, may have taken the error back:
  // of a run that is all of an input, one of that input.
  bool MayResolve(const Placed& error, uint64_t until, std::optional<uint32_t> input = {}) const {
    return FirstFor(error, input) < until;
  }
  // The order of the first one behind the error that fits it; UINT64_MAX if none does.
  uint64_t FirstFor(const Placed& error, std::optional<uint32_t> input = {}) const;

 private:
  // In order, by role, target and subject; and by role and target, of any subject. Each by input too.
  absl::flat_hash_map<std::string, std::vector<uint64_t>> orders_;
};

// Gives each resolution without a task to the only running run with an open error that it fits, and
// returns those that fit several. A run that is all of an input is given none of other inputs. `orphans` are
// in order, `runs` in any.
DoubtfulRecoveries PlaceOrphans(const std::vector<Placed>& orphans, const std::vector<RunDraft*>& runs);

}  // namespace gainsay

#endif  // GAINSAY_TASK_RECOVERY_H_
