// What an explanation says, in words: sentences without a full stop that may hold text from the log.
//
// Thread rules: immutable; share it.
#ifndef GAINSAY_FINDING_SENTENCES_H_
#define GAINSAY_FINDING_SENTENCES_H_

#include <string>
#include <vector>

#include "finding/explanation.h"

namespace gainsay {

class Sentences {
 public:
  // The summary must outlive it.
  explicit Sentences(const Summary& summary) : summary_(summary) {}

  // Why the run got its verdict.
  std::string Because(const StoryRun& told) const;
  // What nearly changed it.
  void AddMissed(const StoryRun& told, std::vector<NearMiss>* near) const;
  void AddDoubtful(const StoryRun& told, std::vector<NearMiss>* near) const;
  void AddUnfinished(const StoryRun& told, std::vector<NearMiss>* near) const;
  void AddInputs(std::vector<NearMiss>* near) const;
  NearMiss Of(const HeldBack& held) const;
  NearMiss Of(const Silent& silent) const;

 private:
  // "line 9", or "worker.log:9" where there are several inputs.
  std::string At(const Event& event) const;
  std::string Listed(const std::vector<const Event*>& errors) const;
  std::string Contradicted(const StoryRun& told) const;
  std::string Suppressors() const;
  std::string MadeGood(const StoryRun& told) const;
  std::string Shared(const HeldBack& held) const;

  const Summary& summary_;
};

}  // namespace gainsay

#endif  // GAINSAY_FINDING_SENTENCES_H_
