#include "pipeline.h"

#include <algorithm>
#include <utility>

#include "finding/suppress.h"
#include "pipeline_source.h"
#include "pipeline_stats.h"

namespace gainsay {
namespace {

constexpr size_t kMostAtOnce = 8;

// The ordered half: gives events to the correlator and inputs to the summary, as they come in.
class Ledger {
 public:
  Ledger(const ScanInput& input, Correlator* correlator, Summary* summary)
      : input_(input), correlator_(correlator), summary_(summary) {}

  void Take(SourceNews news) {
    const StageTimer timer(input_.stats, Stage::kOrder);
    const auto source = static_cast<uint32_t>(summary_->sources.size());
    for (KeptEvent& event : news.events) {
      event.mutable_event()->position.source = source;
      correlator_->Add(std::move(event));
    }
    if (news.passed_over) summary_->passed_over.push_back(std::move(*news.passed_over));
    if (news.end) End(source, std::move(*news.end), news.was_read);
    if (news.all_cut) CutFrom(first_);
    if (input_.tick) input_.tick(false);
  }

  // What follows is of the next source.
  void EndSource() { first_ = summary_->sources.size(); }

 private:
  void End(uint32_t source, SourceSummary end, bool was_read) {
    if (end.cut) correlator_->SourceCut(source);
    if (was_read && input_.reported != State::kNone) {
      correlator_->AddInputTask(
          {source, end.name, input_.reported, end.lines, end.bytes, end.lines == end.blank});
    }
    summary_->sources.push_back(std::move(end));
  }

  void CutFrom(size_t first) {
    for (size_t i = first; i < summary_->sources.size(); ++i) {
      correlator_->SourceCut(static_cast<uint32_t>(i));
    }
  }

  const ScanInput& input_;
  Correlator* correlator_;
  Summary* summary_;
  size_t first_ = 0;  // of the source at hand
};

absl::Status ReadAll(const Engine& engine, const ScanInput& input, Ledger* ledger) {
  const size_t at_once = std::min({JobsOf(input), input.sources.size(), kMostAtOnce});
  const auto tell = [ledger](SourceNews news) { ledger->Take(std::move(news)); };
  if (input.stats != nullptr) input.stats->at_once = std::max<size_t>(at_once, 1);
  if (at_once > 1) return ReadAtOnce(engine, input, at_once, tell, [ledger] { ledger->EndSource(); });
  ScanFilter filter(engine, input);
  ChunkWorkers workers(engine, input);
  SourceReading reading(engine, input, &filter, &workers, 1);
  for (const Source& source : input.sources) {
    const absl::Status status = reading.Run(source, [&](SourceNews news) {
      tell(std::move(news));
      return true;
    });
    if (!status.ok()) return status;
    ledger->EndSource();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Engine> Engine::Compile(RuleSet rules, const std::vector<std::string>& attributes) {
  auto parts = std::make_unique<Parts>();
  parts->rules = std::move(rules);
  parts->plan = FieldPlan::Compile(parts->rules, attributes);
  absl::StatusOr<TextFormats> texts = TextFormats::Compile(parts->rules);
  if (!texts.ok()) return texts.status();
  parts->texts = std::make_unique<TextFormats>(std::move(*texts));
  absl::StatusOr<Matcher> matcher = Matcher::Compile(parts->rules, parts->plan);
  if (!matcher.ok()) return matcher.status();
  parts->matcher = std::make_unique<Matcher>(std::move(*matcher));
  return Engine(std::move(parts));
}

const Prefilter& Engine::prefilter() const {
  std::call_once(parts_->prefilter_once,
                 [this] { parts_->prefilter = Prefilter::Derive(rules(), plan(), texts()); });
  return parts_->prefilter;
}

absl::StatusOr<ScanResult> Scan(const Engine& engine, const ScanInput& input) {
  absl::StatusOr<std::unique_ptr<Suppressions>> suppressions =
      Suppressions::Compile(engine.rules(), engine.matcher());
  if (!suppressions.ok()) return suppressions.status();

  ScanResult result;
  // From here on: bytes become events.
  Correlator correlator(engine.matcher(), suppressions->get());
  if (!input.tell_of.empty()) correlator.Tell(input.tell_of);
  if (!input.every_run) correlator.CountOnly(input.window);
  Ledger ledger(input, &correlator, &result.summary);
  if (absl::Status status = ReadAll(engine, input, &ledger); !status.ok()) return status;
  if (input.tick) input.tick(true);
  for (const InputProblem& problem : input.problems) {
    SourceSummary& unreadable = result.summary.sources.emplace_back();
    unreadable.name = problem.name;
    unreadable.problem = problem.message;
  }

  // From here on: events have become runs with verdicts.
  {
    const StageTimer timer(input.stats, Stage::kCorrelate);
    result.correlation = correlator.Finish();
  }
  const StageTimer timer(input.stats, Stage::kReport);
  for (const Event* error : result.correlation.unattributed) {
    ++result.summary.sources[error->position.source].unattributed;
  }
  ApplyWindow(input.window, &result.correlation);
  result.findings = BuildFindings(result.correlation, engine.matcher());
  for (const Pack& pack : engine.rules().packs) result.summary.packs.push_back(pack.id);
  result.summary.suppressions = (*suppressions)->Uses();
  CompleteSummary(result.correlation, engine.matcher(), &result.summary);
  return result;
}

Report MakeReport(const Engine& engine, const ScanResult& result) {
  return {&result.correlation, &result.findings, &result.summary, &engine.matcher()};
}

}  // namespace gainsay
