// A ring behind a page that says what of it counts. The ring's places are written before the page that names
// them, and the page lets go of places before they are written over: whoever finds the file after a crash
// finds nothing in it that is half of one thing and half of another. A crash of the machine may undo this,
// since nothing is forced to the disk; so the page names the boot, and is good for that one alone.
#include "watch/spill_file.h"

#include <algorithm>
#include <utility>

#include "input/digest.h"
#include "rule/wire.h"
#include "watch/findings_file.h"

namespace gainsay {
namespace {

constexpr char kName[] = "spill";
constexpr uint64_t kPage = 4096;
constexpr std::string_view kMagic = "gainsay spill 1";

}  // namespace

absl::StatusOr<std::unique_ptr<SpillFile>> SpillFile::Open(Disk* disk, SpillOptions options) {
  const int fd = disk->OpenFile(kName, Disk::Open::kReadWrite);
  if (fd < 0) return DiskStatus(kName, fd);
  std::unique_ptr<SpillFile> file(new SpillFile(disk, fd, std::move(options)));
  file->Recover();
  return file;
}

SpillFile::SpillFile(Disk* disk, int fd, SpillOptions options)
    : disk_(disk),
      fd_(fd),
      options_(std::move(options)),
      ring_bytes_(options_.most_bytes + options_.reserve) {}

SpillFile::~SpillFile() {
  disk_->Close(fd_);
  if (unread_ == 0) disk_->Remove(kName);
}

// ---- The page --------------------------------------------------------------------------

void SpillFile::Recover() {
  std::string page(kPage, '\0');
  const int64_t size = disk_->Read(fd_, page.data(), page.size(), 0);
  WireReader outer(std::string_view(page).substr(0, static_cast<size_t>(std::max<int64_t>(size, 0))));
  const std::string_view text = outer.Text(), digest = outer.Text();
  WireReader reader(text);
  const bool ours =
      outer.ok() && Digest(text) == digest && reader.Text() == kMagic && reader.Text() == options_.boot;
  ring_bytes_ = reader.Number();
  place_ = reader.Number();
  offset_ = reader.Number();
  unread_ = reader.Number();
  headed_ = ours && reader.ok() && place_ < ring_bytes_ && unread_ <= ring_bytes_;
  written_place_ = place_;
  grown_ = headed_ ? std::min(place_ + unread_, ring_bytes_) : 0;
  if (!headed_) Empty();
}

bool SpillFile::WriteHeader() {
  std::string text, page;
  WireWriter(&text).Text(kMagic).Text(options_.boot).Number(ring_bytes_);
  WireWriter(&text).Number(place_).Number(offset_).Number(kept());
  WireWriter(&page).Text(text).Text(Digest(text));
  headed_ = disk_->Write(fd_, page.data(), page.size(), 0) == static_cast<int64_t>(page.size());
  written_place_ = place_;
  return headed_;
}

// Nothing is kept, and no space taken.
void SpillFile::Empty() {
  place_ = offset_ = read_ = unread_ = 0;
  ring_bytes_ = options_.most_bytes + options_.reserve;
  grown_ = 0;
  headed_ = false;
  disk_->Truncate(fd_, 0);
}

uint64_t SpillFile::offset() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return offset_ + read_;
}

uint64_t SpillFile::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return unread_;
}

void SpillFile::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  Empty();
}

uint64_t SpillFile::SkipLine(uint64_t offset) {
  const std::lock_guard<std::mutex> lock(mutex_);
  uint64_t passed = 0;
  std::string block(size_t{64} << 10, '\0');
  for (bool found = false; !found && passed < unread_;) {
    const uint64_t place = (place_ + read_ + passed) % ring_bytes_;
    const uint64_t most = std::min({uint64_t{block.size()}, unread_ - passed, ring_bytes_ - place});
    const int64_t n = disk_->Read(fd_, block.data(), most, kPage + place);
    if (n <= 0) {
      passed = unread_;
      break;
    }
    const size_t end = std::string_view(block).substr(0, static_cast<size_t>(n)).find('\n');
    found = end != std::string_view::npos;
    passed += found ? end + 1 : static_cast<uint64_t>(n);
  }
  place_ = (place_ + read_ + passed) % ring_bytes_;
  unread_ -= passed;
  read_ = 0;
  offset_ = offset;
  if (unread_ == 0 || !WriteHeader()) Empty();
  return passed;
}

bool SpillFile::EndsLine() const {
  char last = 0;
  const std::lock_guard<std::mutex> lock(mutex_);
  const uint64_t place = (place_ + kept() + ring_bytes_ - 1) % ring_bytes_;
  return kept() > 0 && disk_->Read(fd_, &last, 1, kPage + place) == 1 && last == '\n';
}

// ---- The ring --------------------------------------------------------------------------

bool SpillFile::WriteRing(uint64_t place, std::string_view bytes) {
  while (!bytes.empty()) {
    const uint64_t most = std::min(uint64_t{bytes.size()}, ring_bytes_ - place);
    const int64_t n = disk_->Write(fd_, bytes.data(), most, kPage + place);
    if (n <= 0) return false;
    place = (place + static_cast<uint64_t>(n)) % ring_bytes_;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// What was read gives way. Of it nothing is of use if the new bytes don't follow it.
bool SpillFile::MakeRoom(uint64_t offset, uint64_t size) {
  const bool follows = kept() == 0 || offset == offset_ + kept();
  if (!follows && unread_ > 0) return false;
  const uint64_t most = std::min(options_.most_bytes, ring_bytes_);
  if (size > most || unread_ > most - size) return false;
  const uint64_t over = kept() + size > most ? kept() + size - most : 0;
  const uint64_t gone = follows ? over : read_;
  place_ = (place_ + gone) % ring_bytes_;
  read_ -= gone;
  offset_ = kept() == 0 ? offset : offset_ + gone;
  return true;
}

// Whether the disk has so much to spare, as far as that place takes any of it.
bool SpillFile::MayTake(uint64_t place, uint64_t size) const {
  return place + size <= grown_ || size <= disk_->Spare(fd_);
}

bool SpillFile::Append(uint64_t offset, std::string_view bytes) {
  uint64_t place = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!MakeRoom(offset, bytes.size())) return false;
    place = (place_ + kept()) % ring_bytes_;
    if (!MayTake(place, bytes.size())) return false;
    if ((!headed_ || written_place_ != place_) && !WriteHeader()) return false;
    grown_ = std::min(std::max(grown_, place + bytes.size()), ring_bytes_);
    appending_ = true;
  }
  const bool written = WriteRing(place, bytes);
  const std::lock_guard<std::mutex> lock(mutex_);
  appending_ = false;
  if (!written) return false;
  unread_ += bytes.size();
  WriteHeader();  // that it can't be found after a crash is no reason to lose it now
  return true;
}

int64_t SpillFile::Read(char* buffer, size_t size) {
  uint64_t place = 0, most = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    place = (place_ + read_) % ring_bytes_;
    most = std::min({uint64_t{size}, unread_, ring_bytes_ - place});
  }
  if (most == 0) return 0;
  const int64_t n = disk_->Read(fd_, buffer, most, kPage + place);
  const std::lock_guard<std::mutex> lock(mutex_);
  // It can't be had: it is passed over.
  const uint64_t gone = n <= 0 ? most : static_cast<uint64_t>(n);
  read_ += gone;
  unread_ -= gone;
  return n <= 0 ? -static_cast<int64_t>(gone) : n;
}

void SpillFile::Release(uint64_t offset) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const uint64_t gone = std::min(offset > offset_ ? offset - offset_ : 0, kept());
  place_ = (place_ + gone) % ring_bytes_;
  offset_ += gone;
  unread_ -= gone > read_ ? gone - read_ : 0;
  read_ -= std::min(gone, read_);
  if (kept() == 0 && headed_ && !appending_) Empty();
}

bool SpillFile::Leave(uint64_t offset, std::string_view bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const uint64_t end = offset + bytes.size();
  if (end < offset_ || offset > offset_ + kept()) {
    if (unread_ > 0) return false;
    Empty();
  }
  if (kept() == 0) offset_ = offset;
  const uint64_t kept_end = offset_ + kept();
  const std::string_view before = offset < offset_ ? bytes.substr(0, offset_ - offset) : "";
  const std::string_view behind = end > kept_end ? bytes.substr(kept_end - offset) : "";
  const uint64_t place = (place_ + ring_bytes_ - before.size() % ring_bytes_) % ring_bytes_;
  const uint64_t more = before.size() + behind.size();
  if (kept() + more > ring_bytes_ || more > disk_->Spare(fd_)) return false;
  if (!WriteRing(place, before) || !WriteRing((place_ + kept()) % ring_bytes_, behind)) return false;
  place_ = place;
  offset_ -= before.size();
  unread_ = kept() + more;
  read_ = 0;
  return WriteHeader();
}

}  // namespace gainsay
