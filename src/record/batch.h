// One line that holds many log records: a JSON array of objects, or a batch in OpenTelemetry's JSON encoding
// as the collector's file exporter writes it, records below their resources and scopes. Each comes out as a
// JSON object of its own. OpenTelemetry's is made flat: the attributes of resource, scope and record are
// plain keys, inner ones replacing outer ones, and the body is the message.
//
//   RecordBatch batch;
//   if (RecordBatch::Looks(json) && batch.Open(json))
//     for (std::string_view flat = batch.Next(); !flat.empty(); flat = batch.Next()) …
//
// Thread rules: one object, one thread. For reader.cc.
#ifndef GAINSAY_RECORD_BATCH_H_
#define GAINSAY_RECORD_BATCH_H_

#include <memory>
#include <string_view>

namespace gainsay {

class RecordBatch {
 public:
  RecordBatch();
  ~RecordBatch();

  // Whether the text begins as a batch of logs does.
  static bool Looks(std::string_view json);

  // `json` must be followed by kChunkPadding readable bytes, and is not needed afterwards. False if it
  // is no whole JSON, holds no log record, or is an array of something else.
  bool Open(std::string_view json);

  // The next record, followed by kChunkPadding readable bytes; "" behind the last one. Valid until
  // the next call.
  std::string_view Next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gainsay

#endif  // GAINSAY_RECORD_BATCH_H_
