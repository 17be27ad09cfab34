#include "rule/loader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "rule/pack_codec.h"
#include "rule/pack_parser.h"
#include "rule/rule_set.h"

namespace gainsay {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxFileBytes = size_t{16} << 20;

// What the arguments name: files in their order, and which packs that are compiled in.
struct Wanted {
  std::vector<std::string> files;
  std::set<std::string> builtin;
  bool failed = false;
};

const BuiltinPack* FindBuiltin(const std::string& id) {
  for (const BuiltinPack& pack : BuiltinPacks()) {
    if (pack.id == id) return &pack;
  }
  return nullptr;
}

void WantAllBuiltin(Wanted* wanted) {
  for (const BuiltinPack& pack : BuiltinPacks()) wanted->builtin.emplace(pack.id);
}

void Fail(const std::string& name, std::string message, std::string help,
          std::vector<Diagnostic>* diagnostics) {
  Diagnostic d;
  d.at.file = name.empty() ? "''" : name;
  d.message = std::move(message);
  d.help = std::move(help);
  diagnostics->push_back(std::move(d));
}

bool ListDirectory(const std::string& directory, Wanted* wanted, std::vector<Diagnostic>* diagnostics) {
  std::error_code error;
  std::vector<std::string> files;
  fs::directory_iterator it(directory, error);
  for (; !error && it != fs::directory_iterator(); it.increment(error)) {
    const fs::path& path = it->path();
    std::error_code ignored;
    const bool hidden = path.filename().string().front() == '.';
    if (!hidden && path.extension() == ".toml" && !fs::is_directory(path, ignored))
      files.push_back(path.string());
  }
  if (error) {
    Fail(directory, error.message(), "", diagnostics);
    return false;
  }
  if (files.empty()) {
    Fail(directory, "no .toml files in this directory", "", diagnostics);
    return false;
  }
  std::sort(files.begin(), files.end());
  wanted->files.insert(wanted->files.end(), files.begin(), files.end());
  return true;
}

void FailUnknown(const std::string& argument, std::vector<Diagnostic>* diagnostics) {
  std::vector<std::string> names = {"builtin"};
  for (const BuiltinPack& pack : BuiltinPacks()) names.emplace_back(pack.id);
  std::string help = NearestWord(argument, names);
  if (!help.empty()) {
    help = "did you mean '" + help + "'?";
  } else {
    help = "built-in packs: ";
    for (size_t i = 1; i < names.size(); ++i) help += (i > 1 ? ", " : "") + names[i];
  }
  const bool is_path = argument.find('/') != std::string::npos || fs::path(argument).extension() == ".toml";
  Fail(argument, is_path ? "no such file or directory" : "no file, directory or built-in pack of this name",
       help, diagnostics);
}

// "!celery": all built-in packs but this one, or of those named so far.
bool RemoveBuiltin(const std::string& id, Wanted* wanted, std::vector<Diagnostic>* diagnostics) {
  if (FindBuiltin(id) == nullptr) {
    FailUnknown(id, diagnostics);
    return false;
  }
  if (wanted->builtin.empty()) WantAllBuiltin(wanted);
  wanted->builtin.erase(id);
  return true;
}

// Adds what one argument names; false if it names nothing, which is reported.
bool AddArgument(const std::string& argument, Wanted* wanted, std::vector<Diagnostic>* diagnostics) {
  if (argument == "builtin") {
    WantAllBuiltin(wanted);
    return true;
  }
  if (argument.starts_with('!')) return RemoveBuiltin(argument.substr(1), wanted, diagnostics);
  if (FindBuiltin(argument) != nullptr) {
    wanted->builtin.insert(argument);
    return true;
  }
  std::error_code error;
  const fs::file_status status = fs::status(argument, error);
  if (fs::is_directory(status)) return ListDirectory(argument, wanted, diagnostics);
  if (fs::exists(status)) {
    wanted->files.push_back(argument);
    return true;
  }
  if (status.type() == fs::file_type::not_found) {
    FailUnknown(argument, diagnostics);
  } else {
    Fail(argument, error.message(), "", diagnostics);
  }
  return false;
}

// A file that is named twice is read once, at its last place.
void DropRepeated(std::vector<std::string>* files) {
  std::set<std::string> seen;
  std::vector<std::string> kept;
  for (auto it = files->rbegin(); it != files->rend(); ++it) {
    std::error_code error;
    const fs::path real = fs::canonical(*it, error);
    if (seen.insert(error ? *it : real.string()).second) kept.push_back(*it);
  }
  files->assign(kept.rbegin(), kept.rend());
}

std::optional<std::string> ReadFile(const std::string& path, std::vector<Diagnostic>* diagnostics) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string text;
  char buffer[1 << 14];
  while (in && text.size() <= kMaxFileBytes) {
    in.read(buffer, sizeof buffer);
    text.append(buffer, static_cast<size_t>(in.gcount()));
  }
  if (text.size() > kMaxFileBytes) {
    Fail(path, "longer than " + std::to_string(kMaxFileBytes >> 20) + " MiB: no rule file", "", diagnostics);
    return std::nullopt;
  }
  if (in.eof()) return text;
  Fail(path, errno != 0 ? std::strerror(errno) : "can't be read", "", diagnostics);
  return std::nullopt;
}

std::vector<ParsedPack> ParseFiles(Wanted* wanted, LoadResult* result) {
  std::vector<ParsedPack> packs;
  for (const std::string& path : wanted->files) {
    const std::optional<std::string> text = ReadFile(path, &result->diagnostics);
    if (!text) {
      result->unreadable = true;
      continue;
    }
    packs.push_back(ParsePackFile(*text, path, &result->diagnostics));
    if (!packs.back().readable) wanted->failed = true;
  }
  return packs;
}

// A file's pack stands in for the built-in one of its id.
void DropReplaced(const std::vector<ParsedPack>& packs, Wanted* wanted) {
  for (const ParsedPack& parsed : packs) wanted->builtin.erase(parsed.pack.id);
}

void AppendBuiltin(const Wanted& wanted, BuiltinExamples examples, std::vector<ParsedPack>* packs) {
  for (const BuiltinPack& builtin : BuiltinPacks()) {
    const std::string id(builtin.id);
    if (wanted.builtin.count(id) == 0) continue;
    const std::string_view bytes = examples == BuiltinExamples::kWith ? builtin.whole : builtin.lean;
    packs->push_back(PackOfBytes(bytes, "builtin:" + id));
    packs->back().pack.builtin = true;
  }
}

}  // namespace

bool LoadResult::ok() const {
  return std::none_of(diagnostics.begin(), diagnostics.end(),
                      [](const Diagnostic& d) { return d.severity == Diagnostic::Severity::kError; });
}

Pack ParsePack(std::string_view toml, const std::string& file, std::vector<Diagnostic>* diagnostics) {
  return ParsePackFile(toml, file, diagnostics).pack;
}

LoadResult LoadRuleSet(const std::vector<std::string>& arguments, BuiltinExamples examples) {
  LoadResult result;
  Wanted wanted;
  for (const std::string& argument : arguments) {
    if (!AddArgument(argument, &wanted, &result.diagnostics)) result.unreadable = true;
  }
  DropRepeated(&wanted.files);
  std::vector<ParsedPack> packs = ParseFiles(&wanted, &result);
  const bool replaces = std::any_of(packs.begin(), packs.end(),
                                    [](const ParsedPack& parsed) { return !OnlyAdds(parsed.pack); });
  wanted.failed = wanted.failed || result.unreadable;
  if (wanted.builtin.empty() && !replaces && !wanted.failed) WantAllBuiltin(&wanted);
  DropReplaced(packs, &wanted);
  std::reverse(packs.begin(), packs.end());  // named later, tried earlier
  AppendBuiltin(wanted, examples, &packs);
  // With a pack missing, what the others name may be in it.
  if (!wanted.failed) CheckRuleSet(packs, &result.diagnostics);
  for (ParsedPack& parsed : packs) result.rules.packs.push_back(std::move(parsed.pack));
  return result;
}

}  // namespace gainsay
