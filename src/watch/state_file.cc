#include "watch/state_file.h"

#include <charconv>

#include "absl/strings/str_cat.h"
#include "input/digest.h"

namespace gainsay {
namespace {

// A line with the version and a checksum, which is where it is in every version; then numbers, then texts
// with their lengths.
constexpr std::string_view kMagic = "gainsay watch state ";
constexpr std::string_view kVersion = "1";

void AppendText(std::string_view text, std::string* out) {
  absl::StrAppend(out, text.size(), " ");
  out->append(text).push_back('\n');
}

std::string_view CutAt(char end, std::string_view* rest) {
  const size_t at = rest->find(end);
  const std::string_view piece = rest->substr(0, at);
  rest->remove_prefix(at == std::string_view::npos ? rest->size() : at + 1);
  return piece;
}

bool TakeNumber(char end, std::string_view* rest, uint64_t* number) {
  const std::string_view digits = CutAt(end, rest);
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *number);
  return error == std::errc() && stop == digits.data() + digits.size();
}

bool TakeText(std::string_view* rest, std::string* text) {
  uint64_t size = 0;
  if (!TakeNumber(' ', rest, &size) || size >= rest->size() || (*rest)[size] != '\n') return false;
  *text = rest->substr(0, size);
  rest->remove_prefix(size + 1);
  return true;
}

std::string Checksum(std::string_view version, std::string_view body) {
  return Digest(std::string(version).append("\n").append(body));
}

absl::Status Damaged() { return absl::DataLossError("damaged"); }

}  // namespace

std::string EncodeState(const StateFile& state) {
  std::string body =
      absl::StrCat(state.generation, " ", state.wpos, " ", state.known_from, " ", state.known_to, "\n");
  AppendText(state.rules, &body);
  AppendText(state.sources, &body);
  AppendText(state.fold, &body);
  std::string bytes(kMagic);
  bytes.append(kVersion).append(" ").append(Checksum(kVersion, body)).append("\n").append(body);
  return bytes;
}

absl::StatusOr<StateFile> DecodeState(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return Damaged();
  std::string_view rest = bytes.substr(kMagic.size());
  const std::string_view version = CutAt(' ', &rest);
  const std::string_view digest = CutAt('\n', &rest);
  if (digest != Checksum(version, rest)) return Damaged();
  if (version != kVersion) {
    return absl::FailedPreconditionError(absl::StrCat("written by another version of gainsay (its format is ",
                                                      std::string(version), ", this one's ",
                                                      std::string(kVersion), ")"));
  }
  StateFile state;
  const bool whole = TakeNumber(' ', &rest, &state.generation) && TakeNumber(' ', &rest, &state.wpos) &&
                     TakeNumber(' ', &rest, &state.known_from) && TakeNumber('\n', &rest, &state.known_to) &&
                     TakeText(&rest, &state.rules) && TakeText(&rest, &state.sources) &&
                     TakeText(&rest, &state.fold) && rest.empty();
  if (!whole) return Damaged();
  return state;
}

}  // namespace gainsay
