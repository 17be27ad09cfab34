// The idea: the log is read several times, each time with what the last reading taught. First: which
// attributes are there, and which heads of lines no format knows. Then: what messages say, which values
// are ids, and whether lines begin with them. With all of that: what begins and ends tasks. Last, the
// proposed pack is loaded like any other and tried on its own examples; what does not hold goes out.
#include "pipeline_discover.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "discovery/line_head.h"
#include "discovery/log_sample.h"
#include "discovery/proposal.h"
#include "discovery/structured_fields.h"
#include "discovery/task_head.h"
#include "pipeline_records.h"
#include "pipeline_rules.h"
#include "rule/loader.h"

namespace gainsay {
namespace {

constexpr int kMaxRepairs = 50;  // each takes something out
constexpr char kPackFile[] = "the proposed pack";

// The beginnings of all sources, kept: they are read more than once, standard input included.
struct Kept {
  std::vector<std::string> texts;
  uint64_t bytes = 0;
  bool cut = false;
};

// False if there is more of the source.
bool Keep(ByteStream* stream, size_t limit, std::string* text, std::string* problem) {
  std::vector<char> buffer(size_t{1} << 16);
  while (text->size() < limit) {
    const absl::StatusOr<size_t> got = stream->Read(buffer.data(), buffer.size());
    if (!got.ok()) *problem = std::string(got.status().message());
    if (!got.ok() || *got == 0) return true;
    text->append(buffer.data(), *got);
  }
  const size_t newline = text->rfind('\n');  // half a line would look like another template
  if (newline != std::string::npos) text->resize(newline + 1);
  return false;
}

// What one argument named: a file, or the members of an archive. The first error ends it.
absl::Status KeepMembers(Members* members, Kept* kept, Discovery* discovery) {
  while (kept->bytes < kDiscoverBytes) {
    absl::StatusOr<std::optional<Member>> member = members->Next();
    if (!member.ok()) return member.status();
    if (!*member) return absl::OkStatus();
    if (!(*member)->passed_over.empty()) continue;
    std::string text, problem;
    if ((*member)->stream.ok()) {
      const size_t limit = kDiscoverBytes - kept->bytes;
      if (!Keep((*member)->stream->get(), limit, &text, &problem)) kept->cut = true;
      kept->bytes += text.size();
      kept->texts.push_back(std::move(text));
      ++discovery->sources_read;
    } else {
      problem = std::string((*member)->stream.status().message());
    }
    if (!problem.empty()) discovery->problems.push_back({(*member)->name, problem});
  }
  kept->cut = true;
  return absl::OkStatus();
}

Kept KeepSources(const ScanInput& input, Discovery* discovery) {
  Kept kept;
  discovery->problems = input.problems;
  for (const Source& source : input.sources) {
    if (kept.bytes >= kDiscoverBytes) {
      kept.cut = true;
      break;
    }
    absl::StatusOr<std::unique_ptr<Members>> members = input.open(source, input.members);
    const absl::Status read = members.ok() ? KeepMembers(members->get(), &kept, discovery) : members.status();
    if (!read.ok()) discovery->problems.push_back({source.name, std::string(read.message())});
  }
  return kept;
}

void ForEachRecord(const Engine& engine, const Kept& kept, const Zone& zone, AttributePaths* paths,
                   const std::function<void(const Record&)>& take) {
  for (const std::string& text : kept.texts) {
    RecordReader reader(engine.plan(), engine.texts(), zone);
    if (paths != nullptr) reader.Observe(paths);
    // Memory ends, and does not break off.
    (void)ForEachRecord(engine, MemoryStream(text), &reader, take);
  }
}

// The known rules and, tried before them, the proposed ones.
absl::StatusOr<RuleSet> WithProposal(const RuleSet& known, const Proposal& proposal) {
  std::vector<Diagnostic> diagnostics;
  RuleSet rules;
  rules.packs.push_back(ParsePack(WriteToml(proposal), kPackFile, &diagnostics));
  for (const Diagnostic& d : diagnostics) {
    if (d.severity == Diagnostic::Severity::kError) return absl::InternalError(Render(d));
  }
  rules.packs.insert(rules.packs.end(), known.packs.begin(), known.packs.end());
  return rules;
}

class Discoverer {
 public:
  Discoverer(const RuleSet& known, const ScanInput& input, const Kept& kept)
      : known_(known), zone_(input.zone), kept_(kept) {
    std::string name = input.sources.empty() ? "" : input.sources[0].name;
    name = name.substr(name.rfind('/') + 1);
    proposal_.title = "Tasks of " + (name.empty() || name == "-" ? "a log" : name) + ", discovered";
  }

  absl::Status Run() {
    if (absl::Status s = LearnFields(); !s.ok()) return s;
    if (absl::Status s = LearnTasks(); !s.ok()) return s;
    return Repair();
  }

  Proposal& proposal() { return proposal_; }
  uint64_t records() const { return records_; }

 private:
  absl::StatusOr<Engine> CompileWithProposal() const {
    absl::StatusOr<RuleSet> rules = WithProposal(known_, proposal_);
    if (!rules.ok()) return rules.status();
    std::vector<std::string> attributes;
    for (const auto& [path, count] : paths_.counts) attributes.push_back(path);
    return Engine::Compile(std::move(*rules), attributes);
  }

  // Which attributes there are, and where level, time and message stand.
  absl::Status LearnFields() {
    const absl::StatusOr<Engine> plain = Engine::Compile(known_);
    if (!plain.ok()) return plain.status();
    ForEachRecord(*plain, kept_, zone_, &paths_, [](const Record&) {});
    absl::StatusOr<Engine> engine = CompileWithProposal();
    if (!engine.ok()) return engine.status();
    StructuredFields fields(engine->plan(), paths_, zone_);
    LineHeads heads(zone_);
    ForEachRecord(*engine, kept_, zone_, nullptr, [&](const Record& record) {
      ++records_;
      fields.Add(record);
      heads.Add(record);
    });
    fields.Propose(&proposal_);
    heads.Propose(&proposal_);
    return absl::OkStatus();
  }

  // Which values are ids, and what begins and ends tasks; once more if lines turn out to begin with ids.
  absl::Status LearnTasks() {
    for (bool again = true; again;) {
      const absl::StatusOr<Engine> engine = CompileWithProposal();
      if (!engine.ok()) return engine.status();
      const LogSample sample = Sample(*engine);
      const TaskIds ids = FindTaskIds(sample);
      again = ids.found && ProposeTaskHead(sample, ids, &proposal_);
      if (again) continue;
      ProposeRules(sample, ids, FindLifecycle(sample, ids), &proposal_);
      if (sample.dropped() > 0) {
        proposal_.findings.push_back(std::to_string(sample.dropped()) +
                                     " records had too many templates or values and were passed over");
      }
    }
    return absl::OkStatus();
  }

  LogSample Sample(const Engine& engine) const {
    LogSample sample(engine.plan(), paths_);
    MatchScratch scratch;
    std::vector<std::string> rules;
    ForEachRecord(engine, kept_, zone_, nullptr, [&](const Record& record) {
      engine.matcher().Match(record, &scratch);
      rules.clear();
      for (const Event& event : scratch.events) rules.push_back(engine.matcher().rule(event.rule).FullId());
      sample.Add(record, scratch.events, rules);
    });
    return sample;
  }

  // Takes out examples that do not hold, and rules that keep none.
  absl::Status Repair() {
    for (int i = 0; i < kMaxRepairs; ++i) {
      absl::StatusOr<RuleSet> rules = WithProposal(known_, proposal_);
      if (!rules.ok()) return rules.status();
      const Pack pack = rules->packs[0];
      const absl::StatusOr<Engine> engine = Engine::Compile(std::move(*rules));
      if (!engine.ok()) return engine.status();
      const absl::StatusOr<RuleTestCounts> counts = TestRules(*engine, false, {pack.id});
      if (!counts.ok()) return counts.status();
      bool failed = false;
      for (const RuleFailure& failure : counts->failures) {
        if (failure.at.file != kPackFile) continue;  // a pack of the same id, known before
        failed = true;
        Drop(pack, failure);
      }
      if (!failed) return absl::OkStatus();
    }
    return absl::InternalError("the proposed pack does not pass its own examples");
  }

  void Drop(const Pack& pack, const RuleFailure& failure) {
    for (const Rule& rule : pack.rules) {
      if (rule.FullId() == failure.rule) DropExample(rule, failure.at.line);
    }
    for (const TextFormat& format : pack.texts) {
      if (pack.id + "/" + format.id == failure.rule) DropTextExample(format, failure.at.line);
    }
    std::erase_if(proposal_.texts, [](const ProposedText& text) { return text.examples.empty(); });
  }

  void DropTextExample(const TextFormat& format, int line) {
    for (ProposedText& proposed : proposal_.texts) {
      if (proposed.id != format.id) continue;
      const size_t before = proposed.examples.size();
      for (const Example& example : format.examples) {
        if (example.at.line != line) continue;
        std::erase_if(proposed.examples, [&](const ProposedExample& e) { return e.log == example.log; });
      }
      if (proposed.examples.size() == before) proposed.examples.clear();
    }
  }

  void DropExample(const Rule& rule, int line) {
    for (ProposedRule& proposed : proposal_.rules) {
      if (proposed.id != rule.id || proposed.kind != rule.kind || !proposed.sure) continue;
      size_t dropped = 0;
      for (const Example& example : rule.examples) {
        if (example.at.line != line) continue;
        dropped += std::erase_if(proposed.examples, [&](const ProposedExample& e) {
          return e.log == example.log && e.match == example.match;
        });
      }
      const bool fires = dropped > 0 && std::any_of(proposed.examples.begin(), proposed.examples.end(),
                                                    [](const ProposedExample& e) { return e.match; });
      if (fires) continue;
      proposed.sure = false;
      proposed.comments.emplace_back("Its lines are taken by another rule, or not read by themselves.");
    }
  }

  const RuleSet& known_;
  const Zone zone_;
  const Kept& kept_;
  AttributePaths paths_;
  Proposal proposal_;
  uint64_t records_ = 0;
};

}  // namespace

absl::StatusOr<Discovery> Discover(const RuleSet& known, const ScanInput& input) {
  Discovery discovery;
  const Kept kept = KeepSources(input, &discovery);
  Discoverer discoverer(known, input, kept);
  if (absl::Status s = discoverer.Run(); !s.ok()) return s;
  Proposal& proposal = discoverer.proposal();
  std::string read = "read " + std::to_string(discoverer.records()) + " records";
  if (kept.cut) read += ", only the first " + std::to_string(kDiscoverBytes >> 20) + " MiB";
  proposal.findings.insert(proposal.findings.begin(), read);
  discovery.proposed =
      proposal.HasSuccess() ||
      std::any_of(proposal.rules.begin(), proposal.rules.end(),
                  [](const ProposedRule& rule) { return rule.sure && rule.kind == RuleKind::kError; });
  discovery.toml = WriteToml(proposal);
  discovery.findings = proposal.findings;
  return discovery;
}

}  // namespace gainsay
