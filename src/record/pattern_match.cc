// The steps are tried in the order that the pattern prefers; where there is a choice, the other way is kept
// on a stack and taken if the first one fails. What makes it fast is that log lines leave few choices: a run
// of characters ends for good where the next thing can't be one of them, and a way that can't begin with the
// text's next byte is not tried. Backtracking may take exponential time, so it has a budget, linear in the
// text.
#include <algorithm>
#include <bit>
#include <cstring>

#include "record/pattern_program.h"

namespace gainsay {
namespace {

constexpr size_t kBlock = 32;  // so many bytes are looked at at once, where there are as many
constexpr int64_t kMinBudget = 4096, kBudgetPerByte = 16;

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The bytes of the character outside ASCII at `at`; 0 if it is no UTF-8.
size_t CharSize(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  const size_t size = lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3 : 4;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return byte(1) >= low && byte(1) <= high ? size : 0;
}

}  // namespace

inline bool PatternProgram::Stands(const Text& text, const char* at, size_t left) const {
  if (left < text.size) return false;
  const TextWord* word = &text_words_[text.words];
  const auto stands = [&word](const char* from, size_t size) {
    uint64_t found = 0;
    std::memcpy(&found, from, size);
    return ((found ^ word->bytes) & word->compared) == 0;
  };
  constexpr size_t kWord = sizeof(uint64_t);
  if (left < kWord) return stands(at, text.size);
  const char* const last = at + (text.size > kWord ? text.size - kWord : 0);
  for (; at < last; at += kWord, ++word) {
    if (!stands(at, kWord)) return false;
  }
  return stands(last, kWord);
}

// One match of one text. `kTold`: `look` is told what is looked at.
template <bool kTold>
class PatternProgram::Matching {
 public:
  Matching(const PatternProgram& program, std::string_view text, size_t at, size_t* places, TextLook* look)
      : program_(program),
        steps_(program.steps_.data()),
        chars_(program.chars_.data()),
        text_(text),
        places_(places),
        look_(look),
        budget_(kMinBudget + kBudgetPerByte * static_cast<int64_t>(text.size())),
        choices_(Choices()),
        at_(at) {
    choices_.clear();
  }
  Answer From(uint32_t begin, size_t* end);

 private:
  // What is left to be tried: another step, a run that ends elsewhere, or (`step` is kPlace) nothing but a
  // place that is to be set back.
  struct Choice {
    uint32_t step = 0;
    uint32_t group_place = 0;
    size_t at = 0;
    size_t bound = 0;  // where a run ends at the least; how many characters a lazy one has taken
  };
  static constexpr uint32_t kPlace = UINT32_MAX;
  enum class Taken : uint8_t { kNo, kYes, kUnsure };

  static std::vector<Choice>& Choices() {
    thread_local std::vector<Choice> choices;
    return choices;
  }
  bool MayBegin(uint32_t step) const {
    const First& first = steps_[step].first;
    if constexpr (kTold) LookFor(first.bytes, at_);
    return at_ == text_.size() ? first.end : first.bytes[static_cast<unsigned char>(text_[at_])];
  }
  bool AtWordBorder() const {
    if constexpr (kTold) {
      TextLook::Bytes words;
      for (size_t byte = 0; byte < 128; ++byte) words[byte] = IsWordByte(static_cast<char>(byte));
      if (at_ > 0) LookFor(words, at_ - 1);
      LookFor(words, at_);
    }
    return (at_ > 0 && IsWordByte(text_[at_ - 1])) != (at_ < text_.size() && IsWordByte(text_[at_]));
  }
  // Tells that the byte at `at` is asked for.
  void LookFor(const TextLook::Bytes& asked, size_t at) const {
    if (at >= text_.size()) return look_->TooFar();
    look_->At(at, static_cast<unsigned char>(text_[at]), asked);
  }
  void Spend(size_t amount) { budget_ -= static_cast<int64_t>(amount); }
  // As many characters in ASCII as `step` takes, at most `most`; how many these are.
  size_t TakeAscii(const Step& step, size_t most);
  Taken TakeChar(const Step& step);
  Taken TakeRun(uint32_t number);
  Taken EndRun(uint32_t number, size_t least_end);
  Taken ExtendRun(uint32_t number, size_t taken);
  Taken TakeSwitch(const Switch& choice);
  [[gnu::always_inline]] inline Taken Take();
  Taken TakeChoice();

  const PatternProgram& program_;
  const Step* const steps_;
  const Chars* const chars_;
  const std::string_view text_;
  size_t* const places_;
  TextLook* const look_;
  int64_t budget_;
  std::vector<Choice>& choices_;
  uint32_t step_ = 0;
  size_t at_;
};

template <bool kTold>
size_t PatternProgram::Matching<kTold>::TakeAscii(const Step& step, size_t most) {
  const char* const begin = text_.data() + at_;
  const char* const end = begin + std::min(most, text_.size() - at_);
  const Chars& chars = chars_[step.chars];
  const char* at = begin;
  if (static_cast<size_t>(end - begin) >= kBlock) {
    at += LeadingBlocksOf(chars.halves, begin, static_cast<size_t>(end - begin));
  }
  while (at != end && chars.has[static_cast<unsigned char>(*at)]) ++at;
  if constexpr (kTold) {
    const TextLook::Bytes& set = chars.bytes;
    const size_t stopped = at_ + static_cast<size_t>(at - begin);
    for (size_t told = at_; told < stopped; ++told) LookFor(set, told);
    if (stopped < at_ + most) LookFor(set, stopped);
  }
  at_ += static_cast<size_t>(at - begin);
  return static_cast<size_t>(at - begin);
}

template <bool kTold>
typename PatternProgram::Matching<kTold>::Taken PatternProgram::Matching<kTold>::TakeChar(const Step& step) {
  if constexpr (kTold) {
    // Characters outside ASCII are not told apart.
    if (at_ < text_.size() && static_cast<unsigned char>(text_[at_]) >= 128) look_->TooFar();
    LookFor(chars_[step.chars].bytes, at_);
  }
  if (at_ == text_.size()) return Taken::kNo;
  const auto byte = static_cast<unsigned char>(text_[at_]);
  if (byte < 128) {
    if (!chars_[step.chars].has[byte]) return Taken::kNo;
    ++at_;
    return Taken::kYes;
  }
  if (step.beyond == BeyondAscii::kNone) return Taken::kNo;
  const size_t size = step.beyond == BeyondAscii::kAll ? CharSize(text_, at_) : 0;
  at_ += size;
  return size == 0 ? Taken::kUnsure : Taken::kYes;
}

// As many as there are.
template <bool kTold>
typename PatternProgram::Matching<kTold>::Taken PatternProgram::Matching<kTold>::TakeRun(uint32_t number) {
  const Step& step = steps_[number];
  const size_t begin = at_;
  size_t least_end = at_;
  for (size_t count = 0; count < step.most;) {
    const size_t before = at_, ascii = TakeAscii(step, step.most - count);
    if (count < step.least && count + ascii >= step.least) least_end = before + (step.least - count);
    count += ascii;
    if (count == step.most) break;
    const Taken taken = TakeChar(step);
    if (taken == Taken::kUnsure) return taken;
    if (taken == Taken::kNo) {
      if (count < step.least) return taken;
      break;
    }
    if (++count == step.least) least_end = at_;
  }
  Spend(at_ - begin);
  return EndRun(number, step.ends_for_good ? at_ : least_end);
}

// The run may end where it is, or before, down to `least_end`.
template <bool kTold>
typename PatternProgram::Matching<kTold>::Taken PatternProgram::Matching<kTold>::EndRun(uint32_t number,
                                                                                        size_t least_end) {
  const uint32_t next = steps_[number].next;
  const size_t begin = at_;
  while (!MayBegin(next)) {
    if (at_ == least_end) return Taken::kNo;
    do {
      --at_;
    } while ((static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80);
  }
  Spend(begin - at_);
  if (at_ > least_end) choices_.push_back({number, 0, at_, least_end});
  step_ = next;
  return Taken::kYes;
}

// A lazy run that has taken so many goes on until what follows may begin.
template <bool kTold>
typename PatternProgram::Matching<kTold>::Taken PatternProgram::Matching<kTold>::ExtendRun(uint32_t number,
                                                                                           size_t taken) {
  const Step& step = steps_[number];
  const size_t begin = at_;
  for (; taken < step.least || !MayBegin(step.next); ++taken) {
    const Taken more = taken < step.most ? TakeChar(step) : Taken::kNo;
    if (more != Taken::kYes) return more;
  }
  Spend(at_ - begin);
  if (taken < step.most) choices_.push_back({number, 0, at_, taken});
  step_ = step.next;
  return Taken::kYes;
}

template <bool kTold>
typename PatternProgram::Matching<kTold>::Taken PatternProgram::Matching<kTold>::TakeSwitch(
    const Switch& choice) {
  const size_t next = at_ == text_.size() ? 256 : static_cast<unsigned char>(text_[at_]);
  uint64_t open = choice.open[next];
  if constexpr (kTold) {
    TextLook::Bytes alike;  // the bytes that open the same ways
    for (size_t byte = 0; byte < 256; ++byte) alike[byte] = choice.open[byte] == open;
    LookFor(alike, at_);
  }
  if (open == 0) return Taken::kNo;
  for (int ways = std::popcount(open); ways > 1; --ways) {
    const int last = 63 - std::countl_zero(open);
    choices_.push_back({choice.ways[static_cast<size_t>(last)], 0, at_, kNowhere});
    open ^= uint64_t{1} << last;
    Spend(1);
  }
  step_ = choice.ways[static_cast<size_t>(std::countr_zero(open))];
  return Taken::kYes;
}

template <bool kTold>
typename PatternProgram::Matching<kTold>::Taken PatternProgram::Matching<kTold>::Take() {
  const Step& step = steps_[step_];
  bool holds = true;
  switch (step.op) {
    case Op::kChar: {
      if (!kTold && step.text != kNoText) {
        const Text& text = program_.texts_[step.text];
        if (!program_.Stands(text, text_.data() + at_, text_.size() - at_)) return Taken::kNo;
        at_ += text.size;
        step_ = text.next;
        return Taken::kYes;
      }
      const Taken taken = TakeChar(step);
      step_ = step.next;
      while (steps_[step_].op == Op::kChar && TakeAscii(steps_[step_], 1) == 1) step_ = steps_[step_].next;
      return taken;
    }
    case Op::kRun:
      return TakeRun(step_);
    case Op::kLazyRun:
      return ExtendRun(step_, 0);
    case Op::kSplit:
      if (!MayBegin(step.next)) {
        step_ = step.other;
        return Taken::kYes;
      }
      if (MayBegin(step.other)) choices_.push_back({step.other, 0, at_, kNowhere});
      break;
    case Op::kSwitch:
      return TakeSwitch(program_.switches_[step.chars]);
    case Op::kSave:
      if (!choices_.empty()) choices_.push_back({kPlace, step.group_place, places_[step.group_place], 0});
      places_[step.group_place] = at_;
      break;
    case Op::kBegin:
      holds = at_ == 0;
      break;
    case Op::kEnd:
      if constexpr (kTold) LookFor(TextLook::Bytes().set(), at_);  // that there is something
      holds = at_ == text_.size();
      break;
    case Op::kWordBorder:
      holds = AtWordBorder();
      break;
    case Op::kNoWordBorder:
      holds = !AtWordBorder();
      break;
    case Op::kMatch:
      break;
  }
  step_ = step.next;
  return holds ? Taken::kYes : Taken::kNo;
}

// The choice that was left last.
template <bool kTold>
typename PatternProgram::Matching<kTold>::Taken PatternProgram::Matching<kTold>::TakeChoice() {
  const Choice choice = choices_.back();
  choices_.pop_back();
  if (choice.step == kPlace) {
    places_[choice.group_place] = choice.at;
    return Taken::kNo;
  }
  at_ = choice.at;
  if (choice.bound == kNowhere) {
    step_ = choice.step;
    return Taken::kYes;
  }
  if (steps_[choice.step].op == Op::kRun) {
    do {
      --at_;
    } while ((static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80);
    return EndRun(choice.step, choice.bound);
  }
  const Taken more = TakeChar(steps_[choice.step]);
  return more == Taken::kYes ? ExtendRun(choice.step, choice.bound + 1) : more;
}

template <bool kTold>
PatternProgram::Answer PatternProgram::Matching<kTold>::From(uint32_t begin, size_t* end) {
  step_ = begin;
  while (steps_[step_].op != Op::kMatch) {
    Taken taken = Take();
    Spend(1);
    while (taken == Taken::kNo) {
      if (choices_.empty()) return Answer::kNo;
      Spend(1);
      taken = TakeChoice();
    }
    if (taken == Taken::kUnsure || budget_ <= 0) return Answer::kUnsure;
  }
  *end = at_;
  return Answer::kYes;
}

PatternProgram::Answer PatternProgram::Match(std::string_view text, size_t* places, size_t* end) const {
  return MatchAt(text, 0, places, end);
}

PatternProgram::Answer PatternProgram::MatchAt(std::string_view text, size_t at, size_t* places,
                                               size_t* end) const {
  const First& first = steps_[begin_].first;
  if (!(at == text.size() ? first.end : first.bytes[static_cast<unsigned char>(text[at])]))
    return Answer::kNo;
  std::fill(places, places + 2 * groups_.size(), kNowhere);
  return Matching<false>(*this, text, at, places, nullptr).From(begin_, end);
}

PatternProgram::Answer PatternProgram::Match(std::string_view text, size_t* places, size_t* end,
                                             TextLook* look) const {
  std::fill(places, places + 2 * groups_.size(), kNowhere);
  const Answer answer = Matching<true>(*this, text, 0, places, look).From(begin_, end);
  if (answer == Answer::kUnsure) look->TooFar();
  return answer;
}

}  // namespace gainsay
