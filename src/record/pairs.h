// What loggers print beside the message of a text line: attributes, as key=value or as a JSON object.
//
//   level=error msg="cannot write" task_id=7c3d err="no space"     logfmt: the whole line
//   ERRO[0012] cannot write   error="no space" task_id=7c3d        behind the message
//   … ERROR store cannot write {"error": "no space"}               likewise: zap, monolog
//
// Thread rules: free functions without state. For reader.cc.
#ifndef GAINSAY_RECORD_PAIRS_H_
#define GAINSAY_RECORD_PAIRS_H_

#include <string>
#include <string_view>

namespace gainsay {

enum class Beside : uint8_t { kNothing, kBehind, kWholeLine };

// The attributes that the line ends with, as the JSON object that they are, or may be: a brace at the
// end of a line opens whatever it opens. Pairs are all that stands behind the last word that is none.
Beside AttributesBeside(std::string_view line, std::string* json);

}  // namespace gainsay

#endif  // GAINSAY_RECORD_PAIRS_H_
