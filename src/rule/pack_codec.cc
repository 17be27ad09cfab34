// The idea: each struct lists its members once, for both ways, and by a binding that does not compile when
// one is missing. What is no struct is a number, a text, or several of them behind their count.
#include "rule/pack_codec.h"

#include <concepts>
#include <tuple>
#include <type_traits>

#include "rule/wire.h"

namespace gainsay {
namespace {

template <typename T, typename Of>
concept Is = std::same_as<std::remove_const_t<T>, Of>;

auto MembersOf(Is<LevelTest> auto& test) {
  auto& [compare, severity] = test;
  return std::tie(compare, severity);
}
auto MembersOf(Is<FieldTest> auto& test) {
  auto& [path, text, at] = test;
  return std::tie(path, text, at);
}
auto MembersOf(Is<FieldCapture> auto& capture) {
  auto& [group, path] = capture;
  return std::tie(group, path);
}
auto MembersOf(Is<Example> auto& example) {
  auto& [log, match, expect, at] = example;
  return std::tie(log, match, expect, at);
}
auto MembersOf(Is<Rule> auto& rule) {
  auto& [kind, pack, id, pattern, unless, where, match, capture, extract, level, state, operation, cause,
         known_cause, lane, role, collection, target, subject, reason, name, examples, at] = rule;
  return std::tie(kind, pack, id, pattern, unless, where, match, capture, extract, level, state, operation,
                  cause, known_cause, lane, role, collection, target, subject, reason, name, examples, at);
}
auto MembersOf(Is<TextFormat> auto& format) {
  auto& [pack, id, pattern, examples, at] = format;
  return std::tie(pack, id, pattern, examples, at);
}
auto MembersOf(Is<Reason> auto& reason) {
  auto& [pack, id, pattern, store, before, examples, at] = reason;
  return std::tie(pack, id, pattern, store, before, examples, at);
}
auto MembersOf(Is<Suppression> auto& suppression) {
  auto& [pack, id, why, where, match, expires_ns, expires, at] = suppression;
  return std::tie(pack, id, why, where, match, expires_ns, expires, at);
}
auto MembersOf(Is<Scenario> auto& scenario) {
  auto& [pack, name, log, expect, unattributed, at] = scenario;
  return std::tie(pack, name, log, expect, unattributed, at);
}
auto MembersOf(Is<FieldCandidates> auto& candidates) {
  auto& [paths] = candidates;
  return std::tie(paths);
}
auto MembersOf(Is<Pack> auto& pack) {
  auto& [id, title, file, builtin, outer, scope, fields, texts, rules, reasons, suppressions, scenarios] =
      pack;
  return std::tie(id, title, builtin, outer, scope, fields, texts, rules, reasons, suppressions, scenarios);
}
auto MembersOf(Is<Diagnostic> auto& diagnostic) {
  auto& [severity, at, length, message, source_line, help] = diagnostic;
  return std::tie(severity, at, length, message, source_line, help);
}
auto MembersOf(Is<ReasonUse> auto& use) {
  auto& [place, reason, before_of] = use;
  return std::tie(place, reason, before_of);
}
auto MembersOf(Is<ParsedPack> auto& parsed) {
  auto& [pack, readable, id_place, reason_places, reason_uses] = parsed;
  return std::tie(pack, readable, id_place, reason_places, reason_uses);
}
auto MembersOf(Is<Location> auto& at) {
  auto& [file, line, column] = at;
  return std::tie(line, column);
}

template <typename T>
concept HasMembers = requires(T& value) {
  MembersOf(value);
};
template <typename T>
concept IsNumber = std::is_enum_v<T> || std::is_integral_v<T>;

class Writer {
 public:
  explicit Writer(std::string* bytes) : writer_(bytes) {}

  void Put(const std::string& text) { writer_.Text(text); }
  void Put(IsNumber auto number) { writer_.Signed(static_cast<int64_t>(number)); }
  void Put(const HasMembers auto& value) {
    std::apply([this](const auto&... member) { (Put(member), ...); }, MembersOf(value));
  }
  template <typename T>
  void Put(const std::optional<T>& value) {
    Put(value.has_value());
    if (value) Put(*value);
  }
  template <typename T>
  void Put(const std::vector<T>& values) {
    writer_.Number(values.size());
    for (const T& value : values) Put(value);
  }
  template <typename T, size_t kSize>
  void Put(const T (&values)[kSize]) {
    for (const T& value : values) Put(value);
  }
  template <typename T>
  void Put(const std::map<std::string, T>& values) {
    writer_.Number(values.size());
    for (const auto& [key, value] : values) {
      Put(key);
      Put(value);
    }
  }

 private:
  WireWriter writer_;
};

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file) : reader_(bytes), file_(file) {}

  bool ok() const { return reader_.ok() && reader_.at_end(); }

  void Take(std::string* text) { *text = reader_.Text(); }
  template <IsNumber T>
  void Take(T* number) {
    *number = static_cast<T>(reader_.Signed());
  }
  void Take(Location* at) {
    at->file = file_;
    TakeMembers(at);
  }
  void Take(HasMembers auto* value) { TakeMembers(value); }
  template <typename T>
  void Take(std::optional<T>* value) {
    bool there = false;
    Take(&there);
    if (there) Take(&value->emplace());
  }
  template <typename T>
  void Take(std::vector<T>* values) {
    values->resize(reader_.Count());
    for (T& value : *values) Take(&value);
  }
  template <typename T, size_t kSize>
  void Take(T (*values)[kSize]) {
    for (T& value : *values) Take(&value);
  }
  template <typename T>
  void Take(std::map<std::string, T>* values) {
    for (uint64_t left = reader_.Count(); left > 0; --left) {
      std::string key;
      Take(&key);
      Take(&(*values)[key]);
    }
  }

 private:
  void TakeMembers(auto* value) {
    std::apply([this](auto&... member) { (Take(&member), ...); }, MembersOf(*value));
  }

  WireReader reader_;
  const std::string& file_;
};

}  // namespace

std::string PackBytes(const ParsedPack& pack) {
  std::string bytes;
  Writer(&bytes).Put(pack);
  return bytes;
}

ParsedPack PackOfBytes(std::string_view bytes, const std::string& file) {
  ParsedPack pack;
  Reader reader(bytes, file);
  reader.Take(&pack);
  pack.pack.file = file;
  pack.readable = pack.readable && reader.ok();
  return pack;
}

}  // namespace gainsay
