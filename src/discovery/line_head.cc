// The idea: a head is read from the left as long as its parts are known: brackets and separators, a time, a
// level word, within brackets a name or a number, and behind all that a dotted logger's name with a colon.
// What was read becomes a regex, digits for digits; heads that many lines share are worth a format.
#include "discovery/line_head.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "record/severity.h"

namespace gainsay {
namespace {

constexpr size_t kMaxHeadBytes = 160, kMaxTimeBytes = 40, kMaxParts = 24, kMaxExampleBytes = 1000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return IsUpper(c) || (c >= 'a' && c <= 'z'); }
bool In(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

std::string TimeRegex(std::string_view time) {
  std::string regex;
  for (size_t i = 0; i < time.size(); ++i) {
    if (IsDigit(time[i])) {
      const bool fraction = i > 0 && (time[i - 1] == '.' || time[i - 1] == ',');
      regex += fraction ? "\\d+" : "\\d";
      while (fraction && i + 1 < time.size() && IsDigit(time[i + 1])) ++i;
    } else if (IsLetter(time[i])) {
      const size_t begin = i;
      while (i + 1 < time.size() && IsLetter(time[i + 1])) ++i;
      regex += i == begin ? std::string(1, time[i]) : "[A-Za-z]+";
    } else {
      regex += EscapeRegex(time.substr(i, 1));
    }
  }
  return regex;
}

class HeadReader {
 public:
  HeadReader(std::string_view line, const Zone& zone) : line_(line.substr(0, kMaxHeadBytes)), zone_(zone) {}

  // False if the line begins with no head.
  bool Read() {
    while (at_ < line_.size() && parts_++ < kMaxParts && Part()) {
    }
    return end_ > 0 && (has_time_ || has_level_);
  }

  bool has_time() const { return has_time_; }
  bool has_level() const { return has_level_; }
  std::string pattern() const { return "^" + pattern_ + "(?P<message>.*)$"; }
  std::map<std::string, std::string> expected() const {
    std::map<std::string, std::string> expected = values_;
    return expected;
  }

 private:
  char At(size_t i) const { return i < line_.size() ? line_[i] : '\0'; }

  // Takes `bytes` as what `regex` matches; a head may end behind a blank.
  void Take(size_t bytes, const std::string& regex) {
    open_ += regex;
    at_ += bytes;
  }

  void Group(const char* name, size_t bytes, const std::string& regex) {
    values_.emplace(name, line_.substr(at_, bytes));
    Take(bytes, std::string("(?P<") + name + ">" + regex + ")");
  }

  bool Part() {
    const char c = line_[at_];
    if (c == ' ' || c == '\t') return Blank();
    if (!has_time_ && (IsDigit(c) || IsUpper(c))) {
      if (const size_t n = TimeLength()) {
        has_time_ = true;
        Group("time", n, TimeRegex(line_.substr(at_, n)));
        return true;
      }
    }
    if (!has_level_ && IsLetter(c)) {
      if (const size_t n = LevelLength()) {
        has_level_ = true;
        Group("level", n, IsUpper(c) && IsUpper(At(at_ + 1)) ? "[A-Z]+" : "[A-Za-z]+");
        return true;
      }
    }
    if (In(c, "[(<")) ++depth_;
    if (In(c, "])>") && depth_ > 0) --depth_;
    if (In(c, "[]()<>:|/,-")) {
      Take(1, EscapeRegex(line_.substr(at_, 1)));
      return true;
    }
    return depth_ > 0 ? Name() : Logger();
  }

  bool Blank() {
    size_t n = 1;
    while (At(at_ + n) == ' ' || At(at_ + n) == '\t') ++n;
    Take(n, "\\s+");
    if (depth_ == 0) Close();
    return true;
  }

  // So far the head may end here.
  void Close() {
    pattern_ += open_;
    open_.clear();
    end_ = at_;
  }

  size_t TimeLength() const {
    const std::string_view rest = line_.substr(at_, kMaxTimeBytes);
    for (size_t end = rest.size(); end >= 8; --end) {
      if (end < rest.size() && !In(rest[end], " ])>|:,\t")) continue;
      const std::string_view text = rest.substr(0, end);
      if (std::count(text.begin(), text.end(), ':') >= 2 && ParseTime(text, zone_)) return end;
    }
    return 0;
  }

  size_t LevelLength() const {
    size_t end = at_;
    while (IsLetter(At(end))) ++end;
    const std::string_view word = line_.substr(at_, end - at_);
    const bool upper = std::all_of(word.begin(), word.end(), IsUpper);
    if (word.size() < 3 || (!upper && depth_ == 0) || IsDigit(At(end)) || At(end) == '_') return 0;
    return ParseSeverity(word) ? word.size() : 0;
  }

  // In brackets: a pid, or the name of a worker or a thread; once, else anything.
  bool Name() {
    size_t end = at_;
    bool digits = true;
    while (end < line_.size() && !In(line_[end], "])>/: ")) digits = IsDigit(line_[end++]) && digits;
    if (end == at_ || end >= line_.size()) return false;
    const char* group = digits ? "pid" : "lane";
    if (values_.count(group) > 0) {
      Take(end - at_, "[^\\])>/:\\s]+");
    } else {
      Group(group, end - at_, digits ? "\\d+" : "[^\\])>/:\\s]+");
    }
    return true;
  }

  // "catalog.jobs: " or "catalog.jobs - ", behind the rest.
  bool Logger() {
    size_t end = at_;
    bool dotted = false;
    while (IsLetter(At(end)) || IsDigit(At(end)) || In(At(end), "_.$")) {
      dotted = dotted || At(end) == '.';
      if (++end >= line_.size()) return false;
    }
    const bool ends = (At(end) == ':' && At(end + 1) == ' ') || (At(end) == ' ' && At(end + 1) == '-');
    if (!dotted || !ends || !has_level_ || values_.count("logger") > 0) return false;
    Group("logger", end - at_, "[\\w.$]+");
    return true;
  }

  std::string_view line_;
  const Zone& zone_;
  size_t at_ = 0, end_ = 0, parts_ = 0;
  int depth_ = 0;
  bool has_time_ = false, has_level_ = false;
  std::string pattern_, open_;
  std::map<std::string, std::string> values_;
};

}  // namespace

void LineHeads::Add(const Record& record) {
  ++records_;
  const std::string_view line = record.message.substr(0, record.message.find_first_of("\r\n"));
  if (line.empty() || line.size() > kMaxExampleBytes) return;
  HeadReader head(line, zone_);
  if (!head.Read()) return;
  const bool tells_time = head.has_time() && record.time_ns == kNoTime;
  const bool tells_level = head.has_level() && (head.has_time() || record.severity == kNoSeverity);
  if (!tells_time && !tells_level) return;
  const std::string pattern = head.pattern();
  if (heads_.size() >= kMaxHeads && heads_.count(pattern) == 0) return;
  Head& known = heads_[pattern];
  ++known.count;
  if (known.examples.size() < 2) known.examples.push_back({std::string(line), true, head.expected()});
}

void LineHeads::Propose(Proposal* proposal) const {
  constexpr size_t kMostHeads = 4;
  std::vector<std::pair<uint64_t, std::string>> order;
  for (const auto& [pattern, head] : heads_) {
    if (head.count >= 5 && head.count * 50 >= records_) order.emplace_back(head.count, pattern);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::pair(b.first, a.second) < std::pair(a.first, b.second);
  });
  for (size_t i = 0; i < order.size() && i < kMostHeads; ++i) {
    const Head& head = heads_.at(order[i].second);
    ProposedText text;
    text.id = "line-" + std::to_string(proposal->texts.size() + 1);
    text.pattern = order[i].second;
    text.comment = "Seen " + std::to_string(head.count) + " times; no known format takes this head apart.";
    text.examples = head.examples;
    for (ProposedExample& example : text.examples)
      std::erase_if(example.expect, [](const auto& e) { return e.first == "time"; });
    std::string told;
    for (const auto& [group, value] : head.examples[0].expect) told += (told.empty() ? "" : ", ") + group;
    proposal->findings.push_back("lines begin with " + told + ", " + std::to_string(head.count) + " times");
    proposal->texts.push_back(std::move(text));
  }
}

}  // namespace gainsay
