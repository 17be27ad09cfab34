// A batch is small and its shape deep, so it is read into simdjson's tree, and each record is
// written down again as the flat object that any other logger would have written; the reader
// then needs to know nothing of OpenTelemetry. What the record says of itself stands
// last in the object, since of a repeated key the last value wins.
//
// Left out: the batch's schemaUrls, flags and counts of dropped attributes.

#include "record/batch.h"

#include <simdjson.h>

#include <string>
#include <vector>

#include "input/chunk.h"

namespace gainsay {
namespace {

namespace dom = simdjson::dom;

constexpr int kMaxDepth = 32;  // of values within values

void AppendQuoted(std::string_view text, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  *out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
    } else if (byte < 0x20) {
      *out += "\\u00";
      *out += kHex[byte >> 4];
      *out += kHex[byte & 15];
    } else {
      *out += c;
    }
  }
  *out += '"';
}

void AppendKey(std::string_view key, std::string* out) {
  if (out->back() != '{') *out += ',';
  AppendQuoted(key, out);
  *out += ':';
}

std::string_view TextOf(dom::element value) {
  std::string_view text;
  return value.get(text) ? std::string_view() : text;
}

// The member `key` of an object; an element that is none if there is no such.
bool Member(dom::element value, const char* key, dom::element* member) {
  dom::object object;
  return !value.get(object) && !object[key].get(*member);
}

// Calls `visit` for the elements of the array `key` in an object, if there is one.
template <typename Visit>
void ForEach(dom::element value, const char* key, Visit visit) {
  dom::element member;
  dom::array array;
  if (!Member(value, key, &member) || member.get(array)) return;
  for (const dom::element element : array) visit(element);
}

void AppendAttributes(dom::element holder, const char* key, int depth, std::string* out);
void AppendList(dom::element list, int depth, std::string* out);

// OpenTelemetry's AnyValue: an object whose one key says what its value is.
void AppendValue(dom::element any, int depth, std::string* out) {
  dom::object object;
  if (depth > kMaxDepth || any.get(object) || object.size() == 0) {
    *out += "null";
    return;
  }
  const dom::key_value_pair pair = *object.begin();
  if (pair.key == "kvlistValue") {
    *out += '{';
    AppendAttributes(pair.value, "values", depth + 1, out);
    *out += '}';
  } else if (pair.key == "arrayValue") {
    AppendList(pair.value, depth + 1, out);
  } else if (pair.value.is_string()) {
    AppendQuoted(TextOf(pair.value), out);  // also 64-bit integers, and bytes in base 64
  } else {
    *out += simdjson::minify(pair.value);
  }
}

void AppendList(dom::element list, int depth, std::string* out) {
  *out += '[';
  ForEach(list, "values", [&](dom::element value) {
    if (out->back() != '[') *out += ',';
    AppendValue(value, depth, out);
  });
  *out += ']';
}

// [{"key": …, "value": …}]
void AppendAttributes(dom::element holder, const char* key, int depth, std::string* out) {
  ForEach(holder, key, [&](dom::element attribute) {
    dom::element name, value;
    if (!Member(attribute, "key", &name) || !Member(attribute, "value", &value)) return;
    AppendKey(TextOf(name), out);
    AppendValue(value, depth, out);
  });
}

// A member of the record, as it is, under another name; nothing if it says nothing.
void AppendMember(dom::element record, const char* key, const char* as, std::string* out) {
  dom::element value;
  if (!Member(record, key, &value) || value.is_null()) return;
  if (value.is_string()) {
    const std::string_view text = TextOf(value);
    if (text.empty() || text == "0") return;
    AppendKey(as, out);
    AppendQuoted(text, out);
  } else if (uint64_t number = 0; !value.get(number) && number > 0) {
    AppendKey(as, out);
    *out += std::to_string(number);
  }
}

}  // namespace

struct RecordBatch::State {
  struct Entry {
    dom::element resource, scope, record;  // the containers of resource and scope
  };

  dom::parser parser;
  bool OpenArray(dom::element elements);
  static void Flatten(const Entry& entry, std::string* flat_out);

  std::vector<Entry> entries;
  bool flat_already = false;  // an array's: `record` is all there is
  size_t next = 0;
  std::string flat;
};

RecordBatch::RecordBatch() : state_(std::make_unique<State>()) {}
RecordBatch::~RecordBatch() = default;

bool RecordBatch::State::OpenArray(dom::element elements) {
  dom::array array;
  if (elements.get(array)) return false;
  flat_already = true;
  for (const dom::element record : array) {
    if (!record.is_object()) return false;
    entries.push_back({{}, {}, record});
  }
  return !entries.empty();
}

bool RecordBatch::Looks(std::string_view json) {
  if (json.size() > 2 && json[0] == '{' && json[1] == '"' && json[2] != 'r') return false;
  const size_t key = json.find_first_not_of(" \t", 1);
  if (key == std::string_view::npos) return false;
  if (json[0] == '[') return json[key] == '{' && json.back() == ']';
  return json.substr(key).starts_with("\"resourceLogs\"");
}

bool RecordBatch::Open(std::string_view json) {
  State& s = *state_;
  s.entries.clear();
  s.next = 0;
  s.flat_already = false;
  dom::element batch;
  if (s.parser.parse(json.data(), json.size(), false).get(batch)) return false;
  if (json[0] == '[') return s.OpenArray(batch);
  ForEach(batch, "resourceLogs", [&](dom::element resource) {
    ForEach(resource, "scopeLogs", [&](dom::element scope) {
      ForEach(scope, "logRecords", [&](dom::element record) {
        s.entries.push_back({resource, scope, record});
      });
    });
  });
  return !s.entries.empty();
}

std::string_view RecordBatch::Next() {
  State& s = *state_;
  if (s.next >= s.entries.size()) return {};
  const State::Entry& entry = s.entries[s.next++];
  std::string& out = s.flat;
  if (s.flat_already) {
    out = simdjson::minify(entry.record);
  } else {
    State::Flatten(entry, &out);
  }
  const size_t size = out.size();
  out.append(kChunkPadding, '\0');
  return {out.data(), size};
}

void RecordBatch::State::Flatten(const Entry& entry, std::string* flat_out) {
  std::string& out = *flat_out;
  out = "{";
  dom::element holder;
  if (Member(entry.resource, "resource", &holder)) AppendAttributes(holder, "attributes", 0, &out);
  if (Member(entry.scope, "scope", &holder)) {
    AppendMember(holder, "name", "logger", &out);
    AppendAttributes(holder, "attributes", 0, &out);
  }
  AppendAttributes(entry.record, "attributes", 0, &out);
  for (const char* key : {"severityNumber", "severityText", "traceId", "spanId", "eventName"}) {
    AppendMember(entry.record, key, key, &out);
  }
  AppendMember(entry.record, "observedTimeUnixNano", "observedTimeUnixNano", &out);
  AppendMember(entry.record, "timeUnixNano", "time", &out);
  if (Member(entry.record, "body", &holder)) {
    AppendKey("message", &out);
    AppendValue(holder, 0, &out);
  }
  out += '}';
}

}  // namespace gainsay
