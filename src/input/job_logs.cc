#include "input/job_logs.h"

#include <algorithm>

namespace gainsay {
namespace {

// "12_NAME.txt" -> NAME; "" for other names.
std::string_view Numbered(std::string_view name) {
  constexpr std::string_view kExtension = ".txt";
  const size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  if (digits == 0 || digits == name.size() || name[digits] != '_' || !name.ends_with(kExtension)) return "";
  name.remove_prefix(digits + 1);
  return name.size() > kExtension.size() ? name.substr(0, name.size() - kExtension.size()) : "";
}

}  // namespace

bool JobLogs::Repeats(std::string_view path) {
  const size_t slash = path.find('/');
  const bool whole = slash == std::string_view::npos;
  if (!whole && path.find('/', slash + 1) != std::string_view::npos) return false;
  const std::string_view numbered = Numbered(whole ? path : path.substr(slash + 1));
  if (numbered.empty()) return false;
  const std::string_view job = whole ? numbered : path.substr(0, slash);
  if ((whole ? steps_ : whole_).count(job) > 0) return true;
  (whole ? whole_ : steps_).emplace(job);
  return false;
}

}  // namespace gainsay
