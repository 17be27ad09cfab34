// libarchive walks through the archive once; each regular file in it becomes a stream that pulls its blocks.
// What libarchive hands out together with a complaint (a zip's wrong checksum) is handed on before the
// complaint. Holes of sparse files are passed over: they hold no text, and may be endless. A tar's end is
// believed only where its end mark stands, since a tar that is cut between two members looks whole otherwise.
//
// What stands behind damage is read where it can be found for sure: in a tar at the next header, which has a
// checksum; in a zip by its directory. Where libarchive gives up on a zip that is a file, because the header
// of a member is damaged, the rest of the members are read one by one, each as a zip of its own.
#if GAINSAY_HAS_ARCHIVE
#include "input/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <utility>

#include "input/archive_feed.h"
#include "input/job_logs.h"
#include "input/path_globs.h"
#include "input/peek.h"
#include "input/zip_directory.h"

namespace gainsay {
namespace {

constexpr size_t kSeekBlockBytes = size_t{64} << 10;
constexpr size_t kMostMembers = 1'000'000;
// libarchive wants to see so much behind a zip's member for what may stand there; it is less than a header.
constexpr uint64_t kLookBehindBytes = 24;

// A part of a file.
class FilePart : public ByteStream {
 public:
  FilePart(RandomAccess* file, uint64_t begin, uint64_t end) : file_(file), at_(begin), end_(end) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override {
    absl::StatusOr<size_t> n = file_->ReadAt(at_, buffer, std::min<uint64_t>(capacity, end_ - at_));
    if (n.ok()) at_ += *n;
    return n;
  }

 private:
  RandomAccess* const file_;
  uint64_t at_;
  const uint64_t end_;
};

class Archive : public Members {
 public:
  Archive(ArchiveInput input, const PathFilter& filter)
      : name_(std::move(input.name)),
        container_(input.container),
        seekable_(input.seekable),
        file_(input.at),
        whole_(std::move(input.stream)),
        archive_(archive_read_new(), &archive_read_free),
        globs_(filter) {}

  absl::StatusOr<std::optional<Member>> Next() override;
  bool packed() const override { return true; }
  bool is_archive() const override { return true; }

  // The next bytes of the member at hand, as ByteStream::Read.
  absl::StatusOr<size_t> ReadMember(char* buffer, size_t capacity);

 private:
  absl::Status Open();
  absl::Status OpenPart(uint64_t begin, uint64_t end);
  int NextHeader(archive_entry** entry);
  bool BeginsWithMember() const;
  bool GoOn();
  std::optional<Member> NextOfRest();
  absl::Status AtEnd();
  std::optional<Member> Take(archive_entry* entry);
  Member Lost(const std::string& path) const;
  absl::StatusOr<std::unique_ptr<ByteStream>> OpenMember(archive_entry* entry, std::string* passed_over);
  absl::Status Failure() const;
  absl::Status Damage(const std::string& what) const {
    return absl::DataLossError("the " + std::string(format()) + " archive is damaged: " + what);
  }
  absl::Status NoHeader() const { return Damage("no header stands where one should be"); }
  ArchiveFeed& feed() { return part_ != nullptr ? *part_ : whole_; }
  const ArchiveFeed& feed() const { return part_ != nullptr ? *part_ : whole_; }
  const char* format() const { return container_ == Container::kTar ? "tar" : "zip"; }

  const std::string name_;
  const Container container_;
  const int seekable_;
  RandomAccess* const file_;
  ArchiveFeed whole_;
  std::unique_ptr<ArchiveFeed> part_;  // of the file, once it could not be read on as a whole
  std::unique_ptr<archive, int (*)(archive*)> archive_;
  const PathGlobs globs_;
  bool opened_ = false, ended_ = false, seeks_ = false;
  size_t headers_ = 0, filled_ = 0, members_ = 0;  // so far; filled_: headers of what is not empty
  std::optional<std::deque<ZipMember>> rest_;      // of a zip: what is still to be read, one by one
  absl::Status damage_;                            // that was got past
  JobLogs jobs_;

  std::string_view block_;  // of the member, not yet handed out
  absl::Status block_status_;
  uint64_t missing_ = 0;  // bytes of a zip's member that must still come
};

std::string PathOf(archive_entry* entry) {
  const char* path = archive_entry_pathname_utf8(entry);
  if (path == nullptr) path = archive_entry_pathname(entry);
  std::string text = path != nullptr ? path : "";
  while (text.starts_with("./")) text.erase(0, 2);
  return text;
}

// As many of a file's last bytes as tell a zip's end; "" if they can't be read.
std::string LastBytes(int file) {
  struct stat status;
  if (fstat(file, &status) != 0) return "";
  std::string last(std::min<size_t>(static_cast<size_t>(status.st_size), kContainerEndBytes), '\0');
  const ssize_t n = pread(file, last.data(), last.size(), status.st_size - static_cast<off_t>(last.size()));
  return n == static_cast<ssize_t>(last.size()) ? last : "";
}

absl::Status Archive::Open() {
  archive* a = archive_.get();
  if (a == nullptr) return absl::ResourceExhaustedError("not enough memory for an archive");
  if (container_ == Container::kZip) {
    archive_read_support_format_zip(a);
  } else {
    archive_read_support_format_tar(a);
    archive_read_set_format_option(a, "tar", "read_concatenated_archives", "1");
  }
  seeks_ = part_ == nullptr && container_ == Container::kZip && seekable_ >= 0 &&
           HasEnd(container_, LastBytes(seekable_)) &&
           lseek(seekable_, 0, SEEK_SET) == 0;  // its first bytes were looked at
  const int result = seeks_ ? archive_read_open_fd(a, seekable_, kSeekBlockBytes) : feed().Open(a);
  return result == ARCHIVE_OK ? absl::OkStatus() : Failure();
}

// Begins anew with a part of the file, front to back.
absl::Status Archive::OpenPart(uint64_t begin, uint64_t end) {
  archive_.reset(archive_read_new());
  part_ = std::make_unique<ArchiveFeed>(std::make_unique<FilePart>(file_, begin, end));
  return Open();
}

absl::StatusOr<std::optional<Member>> Archive::Next() {
  const bool told = !block_status_.ok();  // by the last member
  block_ = {};
  block_status_ = absl::OkStatus();
  if (absl::Status status = std::exchange(opened_, true) ? absl::OkStatus() : Open(); !status.ok()) {
    ended_ = true;
    return status;
  }
  while (!ended_) {
    archive_entry* entry = nullptr;
    std::optional<Member> member;
    int result = ARCHIVE_OK;
    if (!rest_) {
      result = NextHeader(&entry);
      if (result == ARCHIVE_OK || result == ARCHIVE_WARN) member = Take(entry);
    } else if (rest_->empty()) {
      result = ARCHIVE_EOF;
    } else {
      member = NextOfRest();
    }
    if (result == ARCHIVE_EOF && (headers_ > 0 || !seeks_ || !BeginsWithMember())) {
      ended_ = true;
      if (absl::Status status = AtEnd(); !status.ok()) return status;
    } else if (result != ARCHIVE_OK && result != ARCHIVE_WARN && !GoOn()) {
      ended_ = true;
      if (!told) return Failure();
    }
    if (!member) continue;
    ended_ = ++members_ > kMostMembers;
    if (ended_) return absl::ResourceExhaustedError("holds more than a million members: unpack it first");
    return member;
  }
  return std::nullopt;
}

int Archive::NextHeader(archive_entry** entry) {
  int result = archive_read_next_header(archive_.get(), entry);
  for (; result == ARCHIVE_RETRY; result = archive_read_next_header(archive_.get(), entry)) {
    damage_ = NoHeader();
  }
  if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return result;
  ++headers_;
  const bool is_empty = archive_entry_size_is_set(*entry) && archive_entry_size(*entry) == 0;
  const auto type = archive_entry_filetype(*entry);
  if (type == AE_IFLNK || (type != AE_IFDIR && !is_empty)) ++filled_;
  return result;
}

// Whether there is a member in a zip file, whatever its directory says.
bool Archive::BeginsWithMember() const {
  char first[4];
  const absl::StatusOr<size_t> n = file_->ReadAt(0, first, sizeof first);
  return n.ok() && std::string_view(first, *n) == "PK\x03\x04";
}

// Gets past what libarchive stops at. False: there is no way to know what follows.
bool Archive::GoOn() {
  if (container_ == Container::kTar) {
    if (!feed().SkipToTarHeader(archive_.get())) return false;
    damage_ = NoHeader();
    archive_.reset(archive_read_new());
    return Open().ok();
  }
  if (!seeks_ || file_ == nullptr) return false;
  std::vector<ZipMember> members = ReadZipDirectory(file_);
  if (members.empty() && headers_ == 0) {
    damage_ = Damage("its directory can't be read");
    return OpenPart(0, file_->size()).ok();
  }
  if (members.size() <= headers_) return false;
  rest_.emplace(members.begin() + static_cast<ptrdiff_t>(headers_), members.end());
  return true;
}

// The next member by the directory, if it is to be read.
std::optional<Member> Archive::NextOfRest() {
  const ZipMember at = std::move(rest_->front());
  rest_->pop_front();
  archive_entry* entry = nullptr;
  const bool opened = OpenPart(at.begin, at.end + kLookBehindBytes).ok();
  const int result = opened ? NextHeader(&entry) : ARCHIVE_FATAL;
  if (result == ARCHIVE_OK || result == ARCHIVE_WARN) return Take(entry);
  if (at.path.ends_with('/')) return std::nullopt;
  ++filled_;
  return globs_.WantsMember(name_, at.path) ? std::optional(Lost(at.path)) : std::nullopt;
}

absl::Status Archive::AtEnd() {
  const bool by_directory = seeks_ || rest_;
  // The checksum of what the archive is packed in stands at the very end.
  if (!by_directory) feed().Drain();
  if (!by_directory && !feed().status().ok()) return feed().status();
  if (!damage_.ok()) return damage_;
  const std::string last = by_directory ? LastBytes(seekable_) : std::string(feed().tail());
  if (!HasEnd(container_, last))
    return absl::DataLossError("the " + std::string(format()) + " archive has no end mark: it may be cut");
  const uint64_t named = container_ == Container::kZip ? ZipMembersAtEnd(last).value_or(0) : 0;
  if (filled_ >= named) return absl::OkStatus();
  return Damage("only " + std::to_string(filled_) + " of " + std::to_string(named) + " members were found");
}

// A member that should be there.
Member Archive::Lost(const std::string& path) const {
  const auto read = [why = Damage("the member's header can't be read")](char*, size_t) { return why; };
  return {name_ + "!" + path, MemberStream(read, std::nullopt), ""};
}

std::optional<Member> Archive::Take(archive_entry* entry) {
  // What a zip's directory holds stands behind it: one that holds something itself is a name that was cut.
  if (container_ == Container::kZip && archive_entry_filetype(entry) == AE_IFDIR &&
      archive_entry_size_is_set(entry) && archive_entry_size(entry) > 0) {
    return Lost(PathOf(entry));
  }
  // A hard link in a tar is another name of a member, without data.
  if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr)
    return std::nullopt;
  if (archive_entry_size_is_set(entry) && archive_entry_size(entry) == 0) return std::nullopt;
  const std::string path = PathOf(entry);
  if (!globs_.WantsMember(name_, path)) return std::nullopt;
  Member member{name_ + "!" + path, nullptr, ""};
  if (container_ == Container::kZip && jobs_.Repeats(path)) {
    member.passed_over = "repeats what another member holds";
    return member;
  }
  member.stream = OpenMember(entry, &member.passed_over);
  return member;
}

absl::StatusOr<std::unique_ptr<ByteStream>> Archive::OpenMember(archive_entry* entry,
                                                                std::string* passed_over) {
  if (archive_entry_is_encrypted(entry)) {
    return absl::FailedPreconditionError("is encrypted: unpack it first");
  }
  std::optional<int64_t> mtime_ns;
  constexpr int64_t kMostSeconds = INT64_MAX / 1'000'000'000 - 1;
  const int64_t seconds = archive_entry_mtime(entry);
  if (archive_entry_mtime_is_set(entry) && std::abs(seconds) < kMostSeconds) {
    mtime_ns = seconds * 1'000'000'000 + archive_entry_mtime_nsec(entry);
  }
  const bool is_sized = container_ == Container::kZip && archive_entry_size_is_set(entry);
  missing_ = is_sized ? static_cast<uint64_t>(std::max<int64_t>(archive_entry_size(entry), 0)) : 0;
  auto unpacked = Decompress(
      MemberStream([this](char* buffer, size_t capacity) { return ReadMember(buffer, capacity); }, mtime_ns));
  if (!unpacked.ok()) return unpacked.status();
  auto text = std::make_unique<PeekedStream>(std::move(*unpacked));
  text->Peek(kTextBytes, /*until_newline=*/false);
  if (ContainerOf(text->first()) != Container::kNone) {
    return absl::FailedPreconditionError("is an archive within an archive: unpack it first");
  }
  if (PackingOf(text->first().substr(0, kPackingBytes)) != Packing::kNone) {
    return absl::FailedPreconditionError("is packed twice: unpack it first");
  }
  // Damage must be told, and is so by who reads it.
  if (block_status_.ok() && IsBinary(text->first())) *passed_over = "holds no text";
  return text;
}

absl::StatusOr<size_t> Archive::ReadMember(char* buffer, size_t capacity) {
  while (block_.empty()) {
    if (!block_status_.ok()) return block_status_;
    const void* data = nullptr;
    size_t size = 0;
    la_int64_t offset = 0;
    const int result = archive_read_data_block(archive_.get(), &data, &size, &offset);
    if (result == ARCHIVE_EOF && missing_ == 0) return size_t{0};
    if (result == ARCHIVE_EOF) {
      block_status_ = Damage("the member is shorter than it should be");
    } else if (result != ARCHIVE_OK) {
      block_status_ = Failure();
    }
    if (data != nullptr) block_ = {static_cast<const char*>(data), size};
    missing_ -= std::min<uint64_t>(missing_, size);
  }
  const size_t n = std::min(capacity, block_.size());
  std::memcpy(buffer, block_.data(), n);
  block_.remove_prefix(n);
  return n;
}

absl::Status Archive::Failure() const {
  if (!feed().status().ok()) return feed().status();
  const char* what = archive_error_string(archive_.get());
  return absl::DataLossError("the " + std::string(format()) + " archive can't be read on (" +
                             (what != nullptr ? what : "unknown error") + ")");
}

}  // namespace

std::unique_ptr<Members> ArchiveMembers(ArchiveInput input, const PathFilter& filter) {
  return std::make_unique<Archive>(std::move(input), filter);
}

}  // namespace gainsay
#endif  // GAINSAY_HAS_ARCHIVE
