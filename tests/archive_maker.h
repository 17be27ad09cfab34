// Archives in memory, made by libarchive's writers.
#ifndef GAINSAY_TESTS_ARCHIVE_MAKER_H_
#define GAINSAY_TESTS_ARCHIVE_MAKER_H_

#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace gainsay {

struct MemberText {
  std::string path, text;
  int type = AE_IFREG;
};

// `format`: "ustar", "pax", "gnutar", "zip", "raw" (one member, no archive); `filter`: "none", "gzip", "xz",
// …
inline std::string MakeArchive(const std::vector<MemberText>& members, const std::string& format,
                               const std::string& filter = "none", const std::string& password = "") {
  std::string bytes;
  archive* a = archive_write_new();
  EXPECT_EQ(archive_write_set_format_by_name(a, format.c_str()), ARCHIVE_OK);
  if (filter != "none") {
    EXPECT_EQ(archive_write_add_filter_by_name(a, filter.c_str()), ARCHIVE_OK) << filter;
  }
  archive_write_set_bytes_per_block(a, 0);
  if (!password.empty()) {
    archive_write_set_options(a, "zip:encryption=traditional");
    archive_write_set_passphrase(a, password.c_str());
  }
  archive_write_open(
      a, &bytes, nullptr,
      [](archive*, void* to, const void* data, size_t size) {
        static_cast<std::string*>(to)->append(static_cast<const char*>(data), size);
        return static_cast<la_ssize_t>(size);
      },
      nullptr);
  for (const MemberText& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.path.c_str());
    archive_entry_set_filetype(entry, static_cast<unsigned>(member.type));
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.text.size()));
    archive_entry_set_mtime(entry, 1'700'000'000, 0);
    if (member.type == AE_IFLNK) archive_entry_set_symlink(entry, "elsewhere");
    EXPECT_GE(archive_write_header(a, entry), ARCHIVE_WARN);
    archive_write_data(a, member.text.data(), member.text.size());
    archive_entry_free(entry);
  }
  archive_write_close(a);
  archive_write_free(a);
  return bytes;
}

inline std::string Packed(const std::string& text, const std::string& filter) {
  return MakeArchive({{"data", text}}, "raw", filter);
}

}  // namespace gainsay

#endif  // GAINSAY_TESTS_ARCHIVE_MAKER_H_
