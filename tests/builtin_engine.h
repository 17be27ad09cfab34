// An engine with all built-in packs, compiled once for a test program.
#ifndef GAINSAY_TESTS_BUILTIN_ENGINE_H_
#define GAINSAY_TESTS_BUILTIN_ENGINE_H_

#include <utility>

#include "pipeline.h"
#include "rule/loader.h"

namespace gainsay {

inline const Engine& BuiltinEngine() {
  static const Engine engine = [] {
    LoadResult rules = LoadRuleSet({});
    return std::move(*Engine::Compile(std::move(rules.rules)));
  }();
  return engine;
}

}  // namespace gainsay

#endif  // GAINSAY_TESTS_BUILTIN_ENGINE_H_
