// One line of OpenTelemetry's JSON encoding, as the collector's file exporter writes it: a batch of
// log records below their resources and scopes. Each comes out as a flat JSON object of its own,
// in which the attributes of resource, scope and record are plain keys, inner ones replacing outer
// ones, and the body is the message.
//
//   OtlpBatch batch;
//   if (OtlpBatch::Looks(json) && batch.Open(json))
//     for (std::string_view flat = batch.Next(); !flat.empty(); flat = batch.Next()) …
//
// Thread rules: one object, one thread. For reader.cc.
#ifndef GAINSAY_RECORD_OTLP_H_
#define GAINSAY_RECORD_OTLP_H_

#include <memory>
#include <string_view>

namespace gainsay {

class OtlpBatch {
 public:
  OtlpBatch();
  ~OtlpBatch();

  // Whether the object begins as a batch of logs does.
  static bool Looks(std::string_view json);

  // `json` must be followed by kChunkPadding readable bytes, and is not needed afterwards. False if it
  // is no whole JSON object, or holds no log record.
  bool Open(std::string_view json);

  // The next record, followed by kChunkPadding readable bytes; "" behind the last one. Valid until
  // the next call.
  std::string_view Next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_OTLP_H_
