// All that a source holds, as one value to compare.
#ifndef GAINSAY_TESTS_MEMBERS_READING_H_
#define GAINSAY_TESTS_MEMBERS_READING_H_

#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "input/members.h"

namespace gainsay {

struct ReadMember {
  std::string name, text;
  absl::Status status;  // what it ended with, or why it could not be read
  std::optional<int64_t> mtime_ns;
  std::string passed_over = "";
  bool operator==(const ReadMember&) const = default;
};

struct ReadMembers {
  std::vector<ReadMember> members;
  absl::Status status;
  bool operator==(const ReadMembers&) const = default;

  bool AllWell() const {
    bool well = status.ok();
    for (const ReadMember& member : members) well = well && member.status.ok();
    return well;
  }
  std::string Names() const {
    std::string names;
    for (const ReadMember& member : members) names += (names.empty() ? "" : " ") + member.name;
    return names;
  }
};

inline std::ostream& operator<<(std::ostream& out, const ReadMembers& read) {
  for (const ReadMember& m : read.members) {
    out << m.name << ": " << m.text.size() << " bytes, " << m.status << m.passed_over << "; ";
  }
  return out << read.status;
}

inline ReadMembers ReadAll(Members* members, size_t capacity = 1000) {
  ReadMembers all;
  std::string buffer(capacity, '\0');
  while (true) {
    absl::StatusOr<std::optional<Member>> next = members->Next();
    all.status = next.status();
    if (!next.ok() || !*next) return all;
    Member& member = **next;
    ReadMember read{member.name, "", member.stream.status(), std::nullopt, member.passed_over};
    if (member.stream.ok() && *member.stream != nullptr) read.mtime_ns = (*member.stream)->mtime_ns();
    while (member.stream.ok() && member.passed_over.empty()) {
      absl::StatusOr<size_t> n = (*member.stream)->Read(buffer.data(), capacity);
      read.status = n.status();
      if (!n.ok() || *n == 0) break;
      read.text.append(buffer, 0, *n);
    }
    all.members.push_back(std::move(read));
  }
}

}  // namespace gainsay

#endif  // GAINSAY_TESTS_MEMBERS_READING_H_
