#include "pipeline_watch_kept.h"

#include "input/digest.h"
#include "pipeline_watch.h"

namespace gainsay {
namespace {

void WriteTests(const std::vector<FieldTest>& tests, WireWriter* writer) {
  writer->Number(tests.size());
  for (const FieldTest& test : tests) writer->Text(test.path).Text(test.text);
}

void WriteRule(const Rule& rule, WireWriter* writer) {
  writer->Text(rule.id).Text(rule.pattern).Text(rule.unless).Number(static_cast<uint64_t>(rule.state));
  writer->Number(static_cast<uint64_t>(rule.kind)).Number(rule.level.severity);
  writer->Number(static_cast<uint64_t>(rule.level.compare)).Number(rule.lane ? 1 : 0);
  writer->Number(rule.operation ? 1 + static_cast<uint64_t>(*rule.operation) : 0);
  writer->Number(rule.cause ? 1 : 0).Number(rule.known_cause ? 1 : 0);
  for (const std::string* text :
       {&rule.role, &rule.collection, &rule.target, &rule.subject, &rule.reason, &rule.name}) {
    writer->Text(*text);
  }
  for (const std::vector<FieldTest>* tests : {&rule.where, &rule.match, &rule.extract})
    WriteTests(*tests, writer);
  writer->Number(rule.capture.size());
  for (const FieldCapture& capture : rule.capture) writer->Text(capture.group).Text(capture.path);
}

void WriteSuppression(const Suppression& suppression, WireWriter* writer) {
  writer->Text(suppression.id).Text(suppression.expires);
  WriteTests(suppression.where, writer);
  WriteTests(suppression.match, writer);
}

void WritePack(const Pack& pack, WireWriter* writer) {
  writer->Text(pack.id).Number(pack.outer ? 1 : 0).Number(pack.scope.size());
  for (const std::string& field : pack.scope) writer->Text(field);
  for (const auto& paths : pack.fields.paths) {
    writer->Number(paths.size());
    for (const std::string& path : paths) writer->Text(path);
  }
  writer->Number(pack.texts.size()).Number(pack.reasons.size());
  for (const TextFormat& text : pack.texts) writer->Text(text.id).Text(text.pattern);
  for (const Reason& reason : pack.reasons) writer->Text(reason.id).Text(reason.pattern).Text(reason.store);
  writer->Number(pack.rules.size()).Number(pack.suppressions.size());
  for (const Rule& rule : pack.rules) WriteRule(rule, writer);
  for (const Suppression& suppression : pack.suppressions) WriteSuppression(suppression, writer);
}

}  // namespace

std::string FingerprintOf(const RuleSet& rules, const WatchOptions& options) {
  std::string bytes;
  WireWriter writer(&bytes);
  writer.Number(kWatchStateVersion).Text(options.zone.name());
  writer.Number(rules.packs.size());
  for (const Pack& pack : rules.packs) WritePack(pack, &writer);
  return Digest(bytes);
}

std::string_view JsonText(std::string_view line, std::string_view key) {
  for (size_t at = line.find(key); at != std::string_view::npos; at = line.find(key, at + 1)) {
    const std::string_view behind = line.substr(at + key.size());
    if (at == 0 || line[at - 1] != '"' || !behind.starts_with("\":\"")) continue;
    return behind.substr(3, behind.find('"', 3) - 3);
  }
  return {};
}

// An update may be told again: what it says is so, and only the last one counts.
std::string WatchLineKey(std::string_view line) {
  return line.starts_with(R"({"type":"finding",)") ? std::string(JsonText(line, "id")) : "";
}

void WritePosition(const LivePosition& position, WireWriter* writer) {
  writer->Text(position.source).Text(position.identity).Text(position.cursor);
  writer->Number(position.offset).Number(position.line);
}

LivePosition ReadPosition(WireReader* reader) {
  LivePosition position;
  position.source = reader->Text();
  position.identity = reader->Text();
  position.cursor = reader->Text();
  position.offset = reader->Number();
  position.line = reader->Number();
  return position;
}

std::string SourcesOf(const WatchKept& kept) {
  std::string bytes;
  WireWriter writer(&bytes);
  writer.Text(kept.source).Number(kept.positions.size());
  for (const LivePosition& position : kept.positions) WritePosition(position, &writer);
  return bytes;
}

std::string FoldOf(const WatchKept& kept) {
  std::string bytes;
  WireWriter(&bytes).Text(kept.fold).Text(kept.causes);
  return bytes;
}

std::optional<WatchKept> KeptIn(const StateFile& state) {
  WatchKept kept;
  WireReader sources(state.sources), fold(state.fold);
  kept.source = sources.Text();
  for (uint64_t left = sources.Count(); left > 0; --left) kept.positions.push_back(ReadPosition(&sources));
  kept.fold = fold.Text();
  kept.causes = fold.Text();
  if (!sources.ok() || !fold.ok()) return std::nullopt;
  return kept;
}

}  // namespace gainsay
