#include "task/run.h"

namespace gainsay {

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kContradiction:
      return "contradiction";
    case Verdict::kRecovered:
      return "recovered";
    case Verdict::kClean:
      return "clean";
    case Verdict::kFailed:
      return "failed";
    case Verdict::kCancelled:
      return "cancelled";
    case Verdict::kUnfinished:
      return "unfinished";
    case Verdict::kInconclusive:
      return "inconclusive";
  }
  return "inconclusive";
}

}  // namespace gainsay
