#include "input/journal.h"

#include <array>

#if GAINSAY_HAS_SYSTEMD
#include <poll.h>
#include <systemd/sd-journal.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "input/cursor.h"
#include "input/journal_entry.h"
#endif

namespace gainsay {

std::string UnitName(const std::string& unit) {
  constexpr std::array<std::string_view, 11> kSuffixes = {".service", ".socket",    ".timer", ".mount",
                                                          ".path",    ".automount", ".swap",  ".target",
                                                          ".device",  ".slice",     ".scope"};
  for (std::string_view suffix : kSuffixes) {
    if (unit.size() > suffix.size() && std::string_view(unit).ends_with(suffix)) return unit;
  }
  return unit + ".service";
}

#if GAINSAY_HAS_SYSTEMD
namespace {

constexpr size_t kBlockBytes = size_t{256} << 10;
constexpr absl::Duration kPoll = absl::Seconds(1);

absl::Status JournalError(const std::string& what, int error) {
  return absl::ErrnoToStatus(-error, absl::StrCat("the journal ", what));
}

class Journal : public LiveSource {
 public:
  explicit Journal(int wake_fd) : wake_fd_(wake_fd) {}
  ~Journal() override { sd_journal_close(journal_); }
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  absl::Status Open(const JournalOptions& options) {
    const int opened = options.directory.empty()
                           ? sd_journal_open(&journal_, SD_JOURNAL_LOCAL_ONLY)
                           : sd_journal_open_directory(&journal_, options.directory.c_str(), 0);
    if (opened < 0) return JournalError("can't be opened", opened);
    if (const int set = sd_journal_set_data_threshold(journal_, 0); set < 0)
      return JournalError("can't be read", set);
    for (const std::string& unit : options.units) {
      if (const int added = AddUnit(UnitName(unit)); added < 0)
        return JournalError("can't be matched", added);
    }
    sd_journal_get_fd(journal_);  // from now on it looks for new files
    return absl::OkStatus();
  }

  absl::Status Seek(const std::optional<LivePosition>& resume) {
    const std::string cursor = resume ? resume->cursor : "";
    int sought = 0;
    if (cursor.empty()) {
      sought = sd_journal_seek_head(journal_);
      if (resume && resume->offset > 0) gap_ = "no cursor tells where it was read to";
    } else {
      sought = SeekCursor(cursor);
    }
    if (resume) {
      offset_ = resume->offset;
      line_ = resume->line;
    }
    return sought < 0 ? JournalError("can't be read", sought) : absl::OkStatus();
  }

  absl::StatusOr<LiveRead> Read(absl::Time deadline) override {
    LiveRead read;
    if (!gap_.empty()) {
      read.kind = LiveRead::kGap;
      read.why = std::exchange(gap_, "");
      return read;
    }
    for (;;) {
      if (absl::Status filled = Fill(); !filled.ok()) return filled;
      if (!block_.empty()) return Block();
      if (absl::Now() >= deadline || Wait(deadline)) return read;
    }
  }

  std::string Name(uint32_t) const override { return kJournalName; }
  std::string Identity(uint32_t) const override { return ""; }
  std::optional<int64_t> MtimeNs(uint32_t) const override { return std::nullopt; }
  bool HasCursors() const override { return false; }  // it sees to them itself

 private:
  // What journalctl -u takes: the unit's own, what systemd says of it, what others say on its behalf.
  int AddUnit(const std::string& unit) {
    const std::vector<std::vector<std::string>> ways = {
        {"_SYSTEMD_UNIT=" + unit}, {"_PID=1", "UNIT=" + unit}, {"_UID=0", "OBJECT_SYSTEMD_UNIT=" + unit}};
    int result = 0;
    for (const std::vector<std::string>& way : ways) {
      for (const std::string& match : way) {
        if (result >= 0) result = sd_journal_add_match(journal_, match.data(), match.size());
      }
      if (result >= 0) result = sd_journal_add_disjunction(journal_);
    }
    return result;
  }

  // To behind the cursor's entry, or else to what is not older than it, which is a gap.
  int SeekCursor(const std::string& cursor) {
    if (sd_journal_seek_cursor(journal_, cursor.c_str()) < 0) {
      gap_ = "the cursor is none of a journal";
      return sd_journal_seek_head(journal_);
    }
    if (sd_journal_next(journal_) > 0 && sd_journal_test_cursor(journal_, cursor.c_str()) > 0) return 0;
    gap_ = "the last entry that was read is no longer in the journal; entries after it may be missing, too";
    const std::optional<uint64_t> time = CursorTime(cursor);
    if (time && sd_journal_seek_realtime_usec(journal_, *time) >= 0 && sd_journal_next(journal_) > 0) {
      ready_ = true;
      return 0;
    }
    gap_ = "the cursor is of a time that the journal does not know yet; all of it is read";
    return sd_journal_seek_head(journal_);
  }

  // Entries into block_, as many as there are and it takes.
  absl::Status Fill() {
    block_.clear();
    while (block_.size() < kBlockBytes) {
      const int next = ready_ ? 1 : sd_journal_next(journal_);
      ready_ = false;
      if (next < 0) return JournalError("can't be read on", next);
      if (next == 0) break;
      Append();
    }
    return absl::OkStatus();
  }

  LiveRead Block() {
    LiveRead read;
    read.kind = LiveRead::kBytes;
    read.bytes = block_;
    read.offset = offset_;
    read.line = line_;
    offset_ += block_.size();
    line_ += static_cast<uint64_t>(std::count(block_.begin(), block_.end(), '\n'));
    return read;
  }

  // An entry that was vacuumed between being found and read is passed over: the file's end is gone with it.
  void Append() {
    entry_.Clear();
    char* cursor = nullptr;
    if (sd_journal_get_cursor(journal_, &cursor) >= 0) {
      entry_.Add("__CURSOR", cursor);
      free(cursor);
    }
    uint64_t time = 0;
    if (sd_journal_get_realtime_usec(journal_, &time) >= 0) {
      entry_.Add("__REALTIME_TIMESTAMP", std::to_string(time));
    }
    std::array<char, SD_ID128_STRING_MAX> boot_text;
    sd_id128_t boot;
    if (sd_journal_get_monotonic_usec(journal_, &time, &boot) >= 0) {
      entry_.Add("__MONOTONIC_TIMESTAMP", std::to_string(time));
      entry_.Add("_BOOT_ID", sd_id128_to_string(boot, boot_text.data()));
    }
    AddData();
    entry_.AppendLine(&block_);
  }

  void AddData() {
    const void* data = nullptr;
    size_t size = 0;
    SD_JOURNAL_FOREACH_DATA(journal_, data, size) {
      const std::string_view field(static_cast<const char*>(data), size);
      const size_t equals = field.find('=');
      const std::string_view name = field.substr(0, equals);
      if (equals == std::string_view::npos || name == "_BOOT_ID") continue;
      entry_.Add(name, field.substr(equals + 1));
    }
  }

  // True if somebody wakes us.
  bool Wait(absl::Time deadline) {
    const absl::Duration most = std::min(deadline - absl::Now(), kPoll);
    std::array<pollfd, 2> waited = {pollfd{wake_fd_, POLLIN, 0},
                                    pollfd{sd_journal_get_fd(journal_), POLLIN, 0}};
    poll(waited.data(), waited.size(),
         static_cast<int>(std::max<int64_t>(absl::ToInt64Milliseconds(most), 0)) + 1);
    sd_journal_process(journal_);
    return waited[0].revents != 0;
  }

  const int wake_fd_;
  sd_journal* journal_ = nullptr;
  bool ready_ = false;  // the next entry was already gone to
  std::string gap_, block_;
  uint64_t offset_ = 0, line_ = 1;
  JournalEntry entry_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<LiveSource>> OpenJournal(const JournalOptions& options,
                                                        const std::optional<LivePosition>& resume,
                                                        int wake_fd) {
  auto journal = std::make_unique<Journal>(wake_fd);
  if (absl::Status opened = journal->Open(options); !opened.ok()) return opened;
  if (absl::Status sought = journal->Seek(resume); !sought.ok()) return sought;
  return journal;
}

#else

absl::StatusOr<std::unique_ptr<LiveSource>> OpenJournal(const JournalOptions&,
                                                        const std::optional<LivePosition>&, int) {
  return absl::UnimplementedError(
      "gainsay was built without libsystemd; pipe the journal in: journalctl -o json -a -f --no-tail -m | "
      "gainsay "
      "watch");
}

#endif  // GAINSAY_HAS_SYSTEMD

}  // namespace gainsay
