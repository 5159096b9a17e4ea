#include "cpab/decision/scale_events.h"

#include <algorithm>

namespace cpab {

void ScaleEventHistory::add(ScaleEvent event, std::chrono::seconds kept_for) {
  const auto outdated =
      std::find_if(entries_.rbegin(), entries_.rend(), [&](const ScaleEvent& entry) {
        return entry.is_up() == event.is_up() && event.at - entry.at > kept_for;
      });
  if (outdated != entries_.rend()) {
    *outdated = event;
    return;
  }
  if (entries_.size() == capacity) entries_.erase(entries_.begin());
  entries_.push_back(event);
}

}  // namespace cpab
