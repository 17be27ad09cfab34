// gainsay_generate: a log of the wanted size, and beside it the truth about its tasks.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "CLI/CLI.hpp"
#include "log_generator.h"

namespace gainsay {
namespace {

bool WriteLog(LogGenerator* generator, const std::string& path) {
  constexpr size_t kBlock = size_t{1} << 20;
  std::ofstream file(path, std::ios::binary);
  std::string block;
  while (generator->Append(&block)) {
    if (block.size() < kBlock) continue;
    file << block;
    block.clear();
  }
  file << block << std::flush;
  return file.good();
}

// One JSON line for each run.
bool WriteTruth(const LogTruth& truth, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  for (const RunTruth& run : truth.runs) {
    file << R"({"task":")" << run.task << R"(","run":)" << run.run << R"(,"verdict":")" << run.verdict
         << "\"}\n";
  }
  file << std::flush;
  return file.good();
}

int Generate(const LogOptions& options, const std::string& path) {
  LogGenerator generator(options);
  if (!WriteLog(&generator, path) || !WriteTruth(generator.truth(), path + ".truth")) {
    std::cerr << "gainsay_generate: cannot write " << path << '\n';
    return EXIT_FAILURE;
  }
  const LogTruth& truth = generator.truth();
  std::cerr << truth.bytes << " bytes, " << truth.AllLines() << " lines, " << truth.tasks << " tasks, "
            << truth.Runs("contradiction") << " contradictions\n";
  return EXIT_SUCCESS;
}

int Main(int argc, char** argv) {
  LogOptions options;
  double percent = 5;
  std::string path;
  const std::map<std::string, LogShape> shapes = {{"flat", LogShape::kFlat},
                                                  {"journald", LogShape::kJournald},
                                                  {"ecs", LogShape::kEcs},
                                                  {"docker", LogShape::kDocker},
                                                  {"mixed", LogShape::kMixed}};
  CLI::App app("Writes a log of Celery workers to OUT.log, and the verdict of each run to OUT.log.truth.",
               "gainsay_generate");
  app.add_option("--bytes", options.bytes, "Size of the log: 1000000, 256MiB")
      ->transform(CLI::AsSizeValue(false));
  app.add_option("--seed", options.seed, "The same seed gives the same bytes");
  app.add_option("--shape", options.shape, "flat, journald, ecs, docker, mixed")
      ->transform(CLI::CheckedTransformer(shapes))
      ->type_name("SHAPE");
  app.add_option("--candidates", percent, "Share of lines that are lifecycle or errors, in percent")
      ->check(CLI::Range(0.1, 100.0));
  app.add_option("--workers", options.workers, "Tasks that are open at a time")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("OUT", path, "Where to write")->required();
  CLI11_PARSE(app, argc, argv);
  options.candidates_per_mille = static_cast<uint32_t>(percent * 10 + 0.5);
  return Generate(options, path);
}

}  // namespace
}  // namespace gainsay

int main(int argc, char** argv) { return gainsay::Main(argc, argv); }
