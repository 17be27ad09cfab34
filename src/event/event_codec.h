// An event as bytes, and back without loss: what crosses the border between the two halves of the house where
// they do not run in one process, and what a watch remembers over a restart.
//
// Rules and reasons are indices: whoever reads it must have compiled the same rule sets in the same order.
// Thread rules: free functions without state.
#ifndef GAINSAY_EVENT_EVENT_CODEC_H_
#define GAINSAY_EVENT_EVENT_CODEC_H_

#include <functional>
#include <optional>

#include "event/event.h"
#include "rule/wire.h"

namespace gainsay {

// What is neither text nor place nor time: kind, state, rule, reason …
void WriteNumbers(const Event& event, WireWriter* writer);
void ReadNumbers(WireReader* reader, Event* event);
bool SameNumbers(const Event& a, const Event& b);

void WriteEvent(const Event& event, WireWriter* writer);

// May change what an event says, but for its place in time: its rule and reason, where other rules are used.
using EventTranslation = std::function<void(Event*)>;

// None if what stands there is no event; the reader has failed then.
std::optional<KeptEvent> ReadEvent(WireReader* reader, const EventTranslation& translate = nullptr);

}  // namespace gainsay

#endif  // GAINSAY_EVENT_EVENT_CODEC_H_
