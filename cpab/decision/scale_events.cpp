#include "cpab/decision/scale_events.h"

#include <algorithm>

namespace cpab {

void ScaleEventHistory::add(ScaleEvent event) {
  const auto recent = std::find_if(entries_.begin(), entries_.end(), [&](const ScaleEvent& entry) {
    return event.at - entry.at <= longest_period;
  });
  entries_.erase(entries_.begin(), recent);
  if (entries_.size() == capacity) entries_.erase(entries_.begin());
  entries_.push_back(event);
}

}  // namespace cpab
