#include "input/followed_text.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <utility>

#include "input/chunk.h"
#include "input/digest.h"

namespace gainsay {
namespace {

constexpr size_t kHeadBytes = 256, kBeforeBytes = 64;

struct Identified {
  uint64_t inode = 0, head_bytes = 0, offset = 0;
  std::string_view head, before;  // digests
};

std::string_view CutColon(std::string_view* rest) {
  const size_t colon = std::min(rest->find(':'), rest->size());
  const std::string_view part = rest->substr(0, colon);
  rest->remove_prefix(std::min(colon + 1, rest->size()));
  return part;
}

bool TakeNumber(std::string_view* rest, uint64_t* number) {
  const std::string_view digits = CutColon(rest);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *number);
  return error == std::errc() && end == digits.data() + digits.size();
}

std::optional<Identified> Parse(std::string_view identity) {
  Identified parsed;
  uint64_t device = 0;
  bool whole = TakeNumber(&identity, &device) && TakeNumber(&identity, &parsed.inode) &&
               TakeNumber(&identity, &parsed.head_bytes);
  parsed.head = CutColon(&identity);
  whole = whole && TakeNumber(&identity, &parsed.offset) && parsed.head_bytes <= kHeadBytes;
  parsed.before = CutColon(&identity);
  if (!whole) return std::nullopt;
  return parsed;
}

}  // namespace

FollowedText::~FollowedText() {
  if (fd_ >= 0) ::close(fd_);
}

FollowedText& FollowedText::operator=(FollowedText&& other) noexcept {
  std::swap(fd_, other.fd_);
  key_ = other.key_;
  offset_ = other.offset_;
  line_ = other.line_;
  head_ = std::move(other.head_);
  before_ = std::move(other.before_);
  return *this;
}

std::optional<FollowedText> FollowedText::Open(const std::string& path) {
  FollowedText text;
  text.fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  const std::optional<FileInfo> info = text.open() ? text.Info() : std::nullopt;
  if (!info) return std::nullopt;
  if (!info->regular) return errno = EINVAL, std::nullopt;
  text.key_ = info->key;
  return text;
}

std::optional<FileInfo> FollowedText::Info() const {
  FileInfo info;
  if (!StatFile(fd_, "", &info)) return std::nullopt;
  return info;
}

int64_t FollowedText::Peek(char* buffer, size_t capacity) const {
  ssize_t n;
  do {
    n = pread(fd_, buffer, capacity, static_cast<off_t>(offset_));
  } while (n < 0 && errno == EINTR);
  return n;
}

std::string FollowedText::BytesAt(uint64_t offset, size_t size) const {
  std::string bytes(size, '\0');
  size_t read = 0;
  while (read < size) {
    const ssize_t n = pread(fd_, bytes.data() + read, size - read, static_cast<off_t>(offset + read));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    read += static_cast<size_t>(n);
  }
  bytes.resize(read);
  return bytes;
}

void FollowedText::Advance(std::string_view bytes) {
  if (head_.size() < kHeadBytes && head_.size() >= offset_ && head_.size() - offset_ < bytes.size()) {
    head_ += bytes.substr(head_.size() - offset_, kHeadBytes - head_.size());
  }
  before_ += bytes.substr(bytes.size() - std::min(bytes.size(), kBeforeBytes));
  before_.erase(0, before_.size() - std::min(before_.size(), kBeforeBytes));
  offset_ += bytes.size();
  line_ += CountLines(bytes);
}

bool FollowedText::Unchanged() const {
  const std::optional<FileInfo> info = Info();
  return info && info->size >= offset_ && BytesAt(0, head_.size()) == head_ &&
         BytesAt(offset_ - before_.size(), before_.size()) == before_;
}

void FollowedText::TakeHead() { Place(0, 1, kHeadBytes); }

std::string FollowedText::Identity() const {
  if (!open()) return "";
  return std::to_string(key_.device) + ":" + std::to_string(key_.inode) + ":" + std::to_string(head_.size()) +
         ":" + Digest(head_) + ":" + std::to_string(offset_) + ":" + Digest(before_);
}

uint64_t FollowedText::InodeOf(const std::string& identity) {
  const std::optional<Identified> parsed = Parse(identity);
  return parsed ? parsed->inode : 0;
}

void FollowedText::Place(uint64_t offset, uint64_t line, size_t least_head) {
  offset_ = offset;
  line_ = line;
  head_ = BytesAt(0, std::max(least_head, static_cast<size_t>(std::min<uint64_t>(offset, kHeadBytes))));
  const size_t before = std::min<uint64_t>(offset, kBeforeBytes);
  before_ = BytesAt(offset - before, before);
}

bool FollowedText::SeekTo(const std::string& identity, uint64_t offset, uint64_t line) {
  const std::optional<Identified> parsed = Parse(identity);
  const std::optional<FileInfo> info = Info();
  if (!parsed || !info || info->size < std::max({offset, parsed->head_bytes, parsed->offset})) return false;
  // Nothing is known of what stood in it: only the file itself is it.
  if (parsed->head_bytes == 0 && parsed->inode != key_.inode) return false;
  const size_t before = std::min<uint64_t>(parsed->offset, kBeforeBytes);
  if (Digest(BytesAt(0, parsed->head_bytes)) != parsed->head) return false;
  if (Digest(BytesAt(parsed->offset - before, before)) != parsed->before) return false;
  if (offset > 0 && BytesAt(offset - 1, 1) != "\n") return false;
  Place(offset, line, parsed->head_bytes);
  return true;
}

bool FollowedText::BeginsLike(std::string_view bytes) const {
  const std::string head = BytesAt(0, kHeadBytes);
  const size_t known = std::min(head.size(), bytes.size());
  return std::string_view(head).substr(0, known) == bytes.substr(0, known);
}

bool FollowedText::SeekLike(const FollowedText& other) {
  const std::optional<FileInfo> info = Info();
  const size_t known = std::min<uint64_t>(other.head_.size(), info ? info->size : 0);
  if (known == 0 || BytesAt(0, known) != other.head_.substr(0, known)) return false;
  if (info->size < other.offset_) {
    Place(info->size, other.line_, 0);
    return true;
  }
  if (BytesAt(other.offset_ - other.before_.size(), other.before_.size()) != other.before_) return false;
  Place(other.offset_, other.line_, 0);
  return true;
}

}  // namespace gainsay
