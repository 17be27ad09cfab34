#include "case_file.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace gainsay {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string Unescape(const std::string& text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\\x") == 0 && i + 3 < text.size() && isxdigit(text[i + 2]) &&
        isxdigit(text[i + 3])) {
      bytes += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16));
      i += 3;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

CaseFile::Input ParseInput(std::istringstream& words) {
  CaseFile::Input input;
  words >> input.name;
  for (std::string word; words >> word;) {
    if (word == "cut") {
      size_t cut = 0;
      words >> cut;
      input.cut = cut;
    } else {
      input.packing = word;
    }
  }
  return input;
}

// Any text for each "[..]"; greedy with backtracking over few pieces.
bool LineMatches(const std::string& expected, const std::string& got) {
  size_t at = 0, from = 0;
  bool first = true;
  while (true) {
    const size_t wild = expected.find("[..]", from);
    const std::string piece = expected.substr(from, wild == std::string::npos ? wild : wild - from);
    if (first) {
      if (got.compare(0, piece.size(), piece) != 0) return false;
      at = piece.size();
    } else if (wild == std::string::npos) {
      return got.size() >= at + piece.size() &&
             got.compare(got.size() - piece.size(), piece.size(), piece) == 0;
    } else {
      const size_t found = got.find(piece, at);
      if (found == std::string::npos) return false;
      at = found + piece.size();
    }
    if (wild == std::string::npos) return at == got.size();
    first = false;
    from = wild + 4;
  }
}

}  // namespace

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("can't read " + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void WriteFile(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string MakeDirectory() {
  std::string path = (std::filesystem::temp_directory_path() / "gainsay-test-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("can't make a temporary directory");
  return path;
}

CaseFile ReadCase(const std::string& path) {
  CaseFile c;
  c.path = path;
  std::string discarded;
  std::string* section = nullptr;
  for (const std::string& line : Lines(ReadFile(path))) {
    if (line.rfind("--- ", 0) == 0) {
      std::istringstream words(line.substr(4));
      std::string kind;
      words >> kind;
      if (kind == "file") {
        c.files.push_back(ParseInput(words));
        section = &c.files.back().text;
      } else if (kind == "stdin") {
        section = &c.standard_input.emplace();
      } else if (kind == "stdout") {
        section = &c.standard_output.emplace();
      } else if (kind == "stderr") {
        section = &c.standard_error.emplace();
      } else if (kind == "exit") {
        words >> c.exit_code;
        section = &discarded;
      } else {
        throw std::runtime_error(path + ": unknown section '" + kind + "'");
      }
    } else if (section != nullptr) {
      *section += line + "\n";
    } else if (line.rfind("args: ", 0) == 0) {
      c.args = line.substr(6);
    } else if (line.rfind("needs: ", 0) == 0) {
      c.needs = line.substr(7);
    } else if (line.rfind("env: ", 0) == 0) {
      c.environment.push_back(line.substr(5));
    } else if (!line.empty() && line[0] != '#') {
      throw std::runtime_error(path + ": what is '" + line + "'?");
    }
  }
  if (c.args.empty()) throw std::runtime_error(path + ": no args");
  for (CaseFile::Input& input : c.files) input.text = Unescape(input.text);
  if (c.standard_input) c.standard_input = Unescape(*c.standard_input);
  return c;
}

CommandResult RunCommand(const std::string& command, const std::string& directory,
                         const std::vector<std::string>& environment,
                         const std::optional<std::string>& input) {
  const std::string scratch = MakeDirectory();
  std::string in = "/dev/null";
  if (input) {
    in = scratch + "/in";
    WriteFile(in, *input);
  }
  std::string whole = "cd '" + directory + "' && env";
  for (const std::string& assignment : environment) whole += " '" + assignment + "'";
  whole += " sh -c \"$GAINSAY_TEST_COMMAND\" <'" + in + "' >'" + scratch + "/out' 2>'" + scratch + "/err'";
  setenv("GAINSAY_TEST_COMMAND", command.c_str(), 1);
  const int status = std::system(whole.c_str());
  CommandResult result{ReadFile(scratch + "/out"), ReadFile(scratch + "/err"),
                       WIFEXITED(status) ? WEXITSTATUS(status) : -1};
  std::filesystem::remove_all(scratch);
  return result;
}

std::string Difference(const std::string& expected, const std::string& got) {
  const std::vector<std::string> want = Lines(expected), have = Lines(got);
  size_t h = 0;
  for (size_t w = 0; w < want.size(); ++w) {
    if (want[w] == "...") {
      if (w + 1 == want.size()) return "";
      while (h < have.size() && !LineMatches(want[w + 1], have[h])) ++h;
      continue;
    }
    if (h >= have.size()) return "missing: " + want[w];
    if (!LineMatches(want[w], have[h])) return "expected: " + want[w] + "\n     got: " + have[h];
    ++h;
  }
  return h < have.size() ? "more than expected: " + have[h] : "";
}

}  // namespace gainsay
