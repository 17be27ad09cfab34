// Run by the build: reads the rule packs, as strictly as a user's own, and writes what it read into a C++
// file, and what is slow to find out about their regexes.
//   gainsay_embed OUT.cc PACK.toml…
// Each pack is written twice: as it is, and without its examples and scenarios, which only an author's
// commands read and which are most of it.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "event/alternatives.h"
#include "event/literals.h"
#include "record/text.h"
#include "rule/known_regex.h"
#include "rule/loader.h"
#include "rule/pack_codec.h"
#include "rule/pack_parser.h"

namespace gainsay {

// The tool itself knows nothing yet.
const std::vector<BuiltinPack>& BuiltinPacks() {
  static const std::vector<BuiltinPack> kNone;
  return kNone;
}
std::span<const KnownRegex> KnownRegexes() { return {}; }

namespace {

ParsedPack Lean(ParsedPack parsed) {
  parsed.pack.scenarios.clear();
  for (Rule& rule : parsed.pack.rules) rule.examples.clear();
  for (TextFormat& format : parsed.pack.texts) format.examples.clear();
  for (Reason& reason : parsed.pack.reasons) reason.examples.clear();
  return parsed;
}

// By pattern, whether it is that of a text format.
void CollectPatterns(const Pack& pack, std::map<std::string, bool>* patterns) {
  const auto add = [&](const std::string& pattern) {
    if (!pattern.empty()) patterns->try_emplace(pattern, false);
  };
  for (const Rule& rule : pack.rules) {
    add(rule.pattern);
    if (rule.kind == RuleKind::kError) {
      for (const std::string& alternative : Alternatives(rule.pattern)) add(alternative);
    }
    for (const FieldTest& test : rule.match) add(test.text);
    for (const FieldTest& test : rule.extract) add(test.text);
  }
  for (const Reason& reason : pack.reasons) {
    for (const std::string* regex : {&reason.pattern, &reason.store}) {
      add(*regex);
      for (const std::string& alternative : Alternatives(*regex)) add(alternative);
      for (const Alternative& alternative : SplitAlternatives(*regex)) add(alternative.regex);
    }
  }
  for (const TextFormat& format : pack.texts) (*patterns)[format.pattern] = true;
}

// As a C++ string literal; a compiler's limit is 64 KiB a piece.
void WriteText(const std::string& text, std::ostream& out) {
  constexpr char kHex[] = "0123456789abcdef";
  for (size_t at = 0; at == 0 || at < text.size(); at += 4096) {
    out << "\n       \"";
    for (const char c : text.substr(at, 4096)) {
      out << "\\x" << kHex[static_cast<unsigned char>(c) >> 4] << kHex[static_cast<unsigned char>(c) & 15];
    }
    out << '"';
  }
}

void WriteView(const std::string& text, std::ostream& out) {
  out << "std::string_view(";
  WriteText(text, out);
  out << ", " << text.size() << ")";
}

std::string Joined(const std::vector<std::vector<std::string>>& sets) {
  std::string joined;
  for (const std::vector<std::string>& set : sets) {
    for (const std::string& literal : set) joined += literal + kLiteralEnd;
    joined += kLiteralSetEnd;
  }
  return joined;
}

int Main(int argc, char** argv) {
  std::ofstream out(argv[1], std::ios::binary);
  out << "// Generated from rules/*.toml by rules/embed.cc; do not edit.\n#include \"rule/known_regex.h\"\n"
         "#include \"rule/loader.h\"\n\nnamespace gainsay {\n\n"
         "const std::vector<BuiltinPack>& BuiltinPacks() {\n  static const std::vector<BuiltinPack> packs = "
         "{\n";
  std::map<std::string, bool> patterns;
  for (int i = 2; i < argc; ++i) {
    const std::string path = argv[i];
    std::ifstream in(path, std::ios::binary);
    const std::string toml{std::istreambuf_iterator<char>(in), {}};
    std::vector<Diagnostic> diagnostics;
    const ParsedPack parsed = ParsePackFile(toml, path, &diagnostics);
    if (!diagnostics.empty()) {
      std::cerr << Render(diagnostics);
      return 1;
    }
    CollectPatterns(parsed.pack, &patterns);
    const size_t slash = path.rfind('/') + 1;
    out << "      {\"" << path.substr(slash, path.rfind('.') - slash) << "\", ";
    WriteView(PackBytes(parsed), out);
    out << ", ";
    WriteView(PackBytes(Lean(parsed)), out);
    out << "},\n";
  }
  out << "  };\n  return packs;\n}\n\nstd::span<const KnownRegex> KnownRegexes() {\n"
         "  static const KnownRegex regexes[] = {\n";
  for (const auto& [pattern, is_format] : patterns) {
    out << "      {";
    WriteView(pattern, out);
    out << ", ";
    WriteView(Joined(RequiredLiterals(pattern)), out);
    if (is_format) out << ", " << (LevelTakesWords(pattern) ? "true" : "false");
    out << "},\n";
  }
  out << "  };\n  return regexes;\n}\n\n}  // namespace gainsay\n";
  return out.good() ? 0 : 1;
}

}  // namespace
}  // namespace gainsay

int main(int argc, char** argv) { return gainsay::Main(argc, argv); }
