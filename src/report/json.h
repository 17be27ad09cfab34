// JSON, put together: an object or an array, key by key.
//
//   Json json('{');
//   json.Text("type", "finding").Number("run", 1);
//   out << json.Close() << '\n';
//
// Thread rules: one value, one thread.
#ifndef GAINSAY_REPORT_JSON_H_
#define GAINSAY_REPORT_JSON_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "record/time.h"
#include "report/escape.h"

namespace gainsay {

// An object or array on its way: writes the commas.
class Json {
 public:
  explicit Json(char open) : text_(1, open), close_(open == '{' ? '}' : ']') {}

  Json& Text(std::string_view key, std::string_view value) { return Raw(key, JsonString(value)); }
  Json& Number(std::string_view key, uint64_t value) { return Raw(key, std::to_string(value)); }
  Json& Bool(std::string_view key, bool value) { return Raw(key, value ? "true" : "false"); }
  Json& Time(std::string_view key, int64_t ns) { return ns == kNoTime ? *this : Text(key, FormatTime(ns)); }
  Json& Raw(std::string_view key, const std::string& value) {
    Comma();
    text_.append(JsonString(key)).append(":").append(value);
    return *this;
  }
  Json& Item(const std::string& value) {
    Comma();
    text_ += value;
    return *this;
  }

  std::string Close() { return std::move(text_ += close_); }

 private:
  void Comma() {
    if (text_.size() > 1) text_ += ',';
  }

  std::string text_;
  char close_;
};

// A rule's other named groups, or other pairs of texts, as an object.
template <typename Pairs>
std::string PairsAsJson(const Pairs& pairs) {
  Json json('{');
  for (const auto& [key, value] : pairs) json.Text(key, value);
  return json.Close();
}

}  // namespace gainsay

#endif  // GAINSAY_REPORT_JSON_H_
