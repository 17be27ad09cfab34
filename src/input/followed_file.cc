// A path names one text after the other. A text that was renamed is read to its end before its successor is
// begun: once its writer has written to another file it is not written any more. Files that were rotated
// while nobody looked are those beside the path that were not there before; a file that was cut down
// (copytruncate) is gone on with in its copy, where there is one. Everything is found again by looking; no
// event is needed.
#include "input/followed_file.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/time/clock.h"

namespace gainsay {
namespace {

constexpr absl::Duration kLateWriters = absl::Minutes(1);

// Two listings that agree: files that are renamed during one may be missing in it.
std::optional<std::vector<RotatedFile>> RotatedNow(const std::string& path) {
  std::vector<RotatedFile> first = RotatedFiles(path);
  const std::vector<RotatedFile> second = RotatedFiles(path);
  const bool same = std::equal(first.begin(), first.end(), second.begin(), second.end(),
                               [](const RotatedFile& a, const RotatedFile& b) {
                                 return a.path == b.path && a.info.key == b.info.key;
                               });
  if (!same) return std::nullopt;
  return first;
}

// The same, waited for: a rotation takes no longer than a second.
std::vector<RotatedFile> RotatedAtRest(const std::string& path) {
  for (int i = 0; i < 1000; ++i) {
    if (std::optional<std::vector<RotatedFile>> files = RotatedNow(path)) return *std::move(files);
    absl::SleepFor(absl::Milliseconds(1));
  }
  return RotatedFiles(path);
}

}  // namespace

FollowedFile::FollowedFile(std::string path) : path_(std::move(path)) {
  for (const RotatedFile& file : RotatedAtRest(path_)) {
    if (file.info.size > 0) seen_.insert(file.info.key);  // else its writer may be yet to begin it
  }
}

FollowedFile FollowedFile::Closed(std::string path) {
  FollowedFile file;
  file.path_ = std::move(path);
  return file;
}

void FollowedFile::Open() {
  FileInfo info;
  opened_ = StatFile(AT_FDCWD, path_, &info) && info.regular && Begin({path_, info});
  if (!opened_) return;
  text_.TakeHead();
  mtime_ns_ = info.mtime_ns;
}

void FollowedFile::Resume(const LivePosition& position) {
  opened_ = FindResumed(position);
  // It may be renamed right now, and stand nowhere for whoever lists the directory.
  const bool known = FollowedText::InodeOf(position.identity) != 0;
  for (int i = 0; i < 20 && known && !opened_; ++i) {
    absl::SleepFor(absl::Milliseconds(5));
    opened_ = FindResumed(position);
  }
  if (opened_) return;
  const bool nothing_was = position.identity.empty() && position.offset == 0;
  if (nothing_was && seen_.empty()) return Open();
  pending_gap_ = position.identity.empty()
                     ? "where it was read to is not known"
                     : "the file that was read before is gone, or is not what it was; lines may be missing";
}

bool FollowedFile::FindResumed(const LivePosition& position) {
  const uint64_t inode = FollowedText::InodeOf(position.identity);
  if (inode == 0) return false;
  const std::vector<RotatedFile> rotated = RotatedAtRest(path_);
  std::vector<std::string> places = {path_, FindByInode(path_, inode)};
  for (const RotatedFile& file : rotated) places.push_back(file.path);
  for (size_t i = 0; i < places.size(); ++i) {
    std::optional<FollowedText> text = FollowedText::Open(places[i]);
    const bool copy = text && text->key().inode != inode;
    if (!text || (copy && i < 2) || !text->SeekTo(position.identity, position.offset, position.line))
      continue;
    const std::optional<FileInfo> found = text->Info();
    // What was written after it is still to be read.
    if (i > 0 && found) {
      bool newer = false;
      for (const RotatedFile& file : rotated) {
        newer = newer || file.info.mtime_ns > found->mtime_ns;
        if (newer) seen_.erase(file.info.key);
        newer = newer || file.info.key == text->key();
      }
    }
    final_ = copy;
    text_ = *std::move(text);
    return true;
  }
  return false;
}

LiveRead FollowedFile::Step(char* buffer, size_t capacity) {
  if (!pending_gap_.empty()) {
    LiveRead gap;
    gap.kind = LiveRead::kGap;
    gap.why = std::exchange(pending_gap_, "");
    return gap;
  }
  for (;;) {
    const int64_t n = text_.open() ? text_.Peek(buffer, capacity) : 0;
    std::optional<LiveRead> read;
    if (n < 0) {
      read = Tell(std::strerror(errno));
    } else if (!final_ && !text_.Unchanged()) {  // asked after reading: what was read is the same text's
      read = AfterCut();
    } else if (!begun_ && GoBack({buffer, static_cast<size_t>(n)})) {
      continue;
    } else if (n == 0) {
      read = AtEnd();
    } else {
      read.emplace();
      read->kind = LiveRead::kBytes;
      read->bytes = {buffer, static_cast<size_t>(n)};
      read->continues = std::exchange(opened_, false);
      read->fresh = !std::exchange(begun_, true);
      read->offset = text_.offset();
      read->line = text_.line();
      text_.Advance(read->bytes);
      identity_ = text_.Identity();
      if (const std::optional<FileInfo> info = text_.Info()) mtime_ns_ = info->mtime_ns;
    }
    if (read) return *std::move(read);
  }
}

// None: look again at once.
std::optional<LiveRead> FollowedFile::AtEnd() {
  FileInfo at_path;  // stays empty where nothing is
  if (!StatFile(AT_FDCWD, path_, &at_path)) {
    if (errno != ENOENT) return Tell(std::strerror(errno));
  } else if (!at_path.regular) {
    return Tell("it is no regular file");
  } else if (!final_ && at_path.key == text_.key()) {
    leaving_ = false;
    return LateLines();
  }
  const std::optional<RotatedFile> next = NextText(at_path);
  if (!next) return LateLines();
  // It may have been written to between the last look at it and the first at its successor.
  if (!final_ && !std::exchange(leaving_, true)) return std::nullopt;
  return Leave(*next);
}

// The oldest file that is newer than the text; what stands at the path comes last, and once it holds
// something: until then the writer may not have begun it.
std::optional<RotatedFile> FollowedFile::NextText(const FileInfo& at_path) const {
  const std::optional<std::vector<RotatedFile>> rotated = RotatedNow(path_);
  if (!rotated) return std::nullopt;
  for (const RotatedFile& file : *rotated) {
    const bool unread = file.info.key != text_.key() && seen_.count(file.info.key) == 0;
    if (unread && file.info.size > 0) return file;
  }
  const bool begun = at_path.regular && (final_ || at_path.size > 0);
  return begun ? std::optional(RotatedFile{path_, at_path}) : std::nullopt;
}

// Before the first bytes of a text: files that were not read, though they are older. It was copied and cut
// down before any of it was read, or begun while its writer still wrote to the one before.
bool FollowedFile::GoBack(std::string_view head) {
  FileInfo before, after;
  if (final_ || text_.offset() > 0) return false;
  bool here = StatFile(AT_FDCWD, path_, &before) && before.key == text_.key();
  const std::optional<std::vector<RotatedFile>> rotated = RotatedNow(path_);
  here = here && StatFile(AT_FDCWD, path_, &after) && after.key == text_.key();
  if (!rotated || (here && head.empty() && after.size > 0)) return false;  // written just now
  const auto self = std::find_if(rotated->begin(), rotated->end(),
                                 [&](const RotatedFile& file) { return file.info.key == text_.key(); });
  if (!here && self == rotated->end()) return false;
  for (const RotatedFile& file : *rotated) {
    if (file.info.key == text_.key()) break;  // what follows is newer
    if (seen_.count(file.info.key) > 0 || file.info.size == 0) continue;
    const std::optional<FollowedText> older = FollowedText::Open(file.path);
    const bool copying = !head.empty() && older && older->BeginsLike(head);
    if (older && !copying && Begin(file)) return true;
  }
  return false;
}

std::optional<LiveRead> FollowedFile::Leave(const RotatedFile& next) {
  FollowedText before = std::move(text_);
  const bool was_final = final_;
  if (!Begin(next)) {  // it is rotated right now: look anew
    text_ = std::move(before);
    final_ = was_final;
    return LiveRead();
  }
  if (const std::optional<std::vector<RotatedFile>> rotated = RotatedNow(path_)) {
    std::set<FileKey> there;
    for (const RotatedFile& file : *rotated) {
      if (seen_.count(file.info.key) > 0) there.insert(file.info.key);
    }
    seen_ = std::move(there);
  }
  seen_.insert(before.key());
  if (before.open() && !was_final) {
    left_ = std::move(before);
    left_at_ = absl::Now();
  }
  return std::nullopt;
}

bool FollowedFile::Knows(const FileKey& key) const {
  return key == text_.key() || (left_.open() && key == left_.key()) || seen_.count(key) > 0;
}

bool FollowedFile::Gone() const {
  FileInfo info;
  if (StatFile(AT_FDCWD, path_, &info) || errno != ENOENT) return false;
  const std::optional<FileInfo> last = text_.open() ? text_.Info() : std::nullopt;
  return pending_gap_.empty() && (!last || last->size <= text_.offset());
}

bool FollowedFile::Deleted() const {
  struct stat info;
  return !text_.open() || (fstat(text_.fd(), &info) == 0 && info.st_nlink == 0);
}

bool FollowedFile::Begin(const RotatedFile& next) {
  std::optional<FollowedText> opened = FollowedText::Open(next.path);
  if (!opened || opened->key() != next.info.key) return false;
  text_ = *std::move(opened);
  final_ = leaving_ = begun_ = opened_ = false;
  told_.clear();
  return true;
}

std::optional<LiveRead> FollowedFile::AfterCut() {
  FollowedText before = std::exchange(text_, FollowedText());
  final_ = true;
  for (const RotatedFile& file : RotatedAtRest(path_)) {
    if (file.info.key == before.key() || seen_.count(file.info.key) > 0) continue;
    std::optional<FollowedText> copy = FollowedText::Open(file.path);
    if (!copy || !copy->SeekLike(before)) continue;
    text_ = *std::move(copy);
    return std::nullopt;
  }
  return Tell("it was cut down, and no copy beside it holds what stood there; lines may be missing");
}

// Several processes may write to one log, and one of them be late to notice that it was rotated.
std::optional<LiveRead> FollowedFile::LateLines() {
  if (!left_.open()) return LiveRead();
  const std::optional<FileInfo> info = left_.Info();
  const bool late = info && info->size > left_.offset();
  if (!late && absl::Now() - left_at_ < kLateWriters) return LiveRead();
  left_ = FollowedText();
  return late ? Tell("somebody still writes to the file that was rotated; those lines are not read")
              : LiveRead();
}

// As a gap, and once.
std::optional<LiveRead> FollowedFile::Tell(const std::string& why) {
  LiveRead gap;
  if (told_ == why) return gap;
  told_ = why;
  gap.kind = LiveRead::kGap;
  gap.why = why;
  return gap;
}

}  // namespace gainsay
