#include "pipeline_live_streams.h"

#include <algorithm>

namespace gainsay {

size_t LiveStreams::Match() {
  std::vector<bool> goes_on(fold_->streams());
  streams_.resize(source_->streams());
  for (uint32_t i = 0; i < streams_.size(); ++i) {
    if (!Find(i)) {
      streams_[i].in_fold = fold_->AddStream(BeginOf(i), source_->MtimeNs(i));
    } else {
      goes_on[streams_[i].in_fold] = true;
    }
  }
  for (uint32_t i = 0; i < goes_on.size(); ++i) {
    if (!goes_on[i]) fold_->EndText(i);
  }
  return std::max(streams_.size(), goes_on.size());
}

LivePosition LiveStreams::BeginOf(uint32_t number) const {
  LivePosition position;
  position.source = source_->Name(number);
  position.identity = source_->Identity(number);
  return position;
}

// The fold's stream of that name, if it was loaded with one.
bool LiveStreams::Find(uint32_t number) {
  for (uint32_t i = 0; i < fold_->streams(); ++i) {
    if (fold_->PositionOf(i).source != source_->Name(number)) continue;
    streams_[number].in_fold = i;
    return true;
  }
  return false;
}

void LiveStreams::Open(uint32_t number) {
  if (number >= streams_.size()) streams_.resize(number + 1);
  const std::optional<uint32_t> place = FreePlace(source_->Name(number));
  LiveStream& stream = streams_[number] = LiveStream();
  if (place) {
    stream.in_fold = *place;
    fold_->Restart(*place, BeginOf(number), source_->MtimeNs(number));
  } else {
    stream.in_fold = fold_->AddStream(BeginOf(number), source_->MtimeNs(number));
  }
}

// One of the fold's streams that is nobody's; of this name, if there is one: no two have the same.
std::optional<uint32_t> LiveStreams::FreePlace(const std::string& name) const {
  std::optional<uint32_t> free;
  for (uint32_t place = 0; place < fold_->streams(); ++place) {
    if (IsUsed(place)) continue;
    if (!free || fold_->PositionOf(place).source == name) free = place;
  }
  return free;
}

bool LiveStreams::IsUsed(uint32_t place) const {
  return std::any_of(streams_.begin(), streams_.end(),
                     [place](const LiveStream& stream) { return !stream.closed && stream.in_fold == place; });
}

std::vector<LivePosition> LiveStreams::Positions() const {
  std::vector<LivePosition> positions;
  for (uint32_t i = 0; i < fold_->streams(); ++i) {
    positions.push_back(IsUsed(i) ? fold_->PositionOf(i) : LivePosition());
  }
  for (uint32_t i = 0; i < streams_.size(); ++i) {
    if (streams_[i].closed) continue;
    const std::string identity = streams_[i].lost ? "" : source_->Identity(i);
    if (!identity.empty()) positions[streams_[i].in_fold].identity = identity;
  }
  return positions;
}

}  // namespace gainsay
