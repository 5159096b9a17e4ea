#include "cpab/decision/stabilization.h"

#include <algorithm>

namespace cpab {

void RecommendationHistory::add(Recommendation recommendation) {
  while (!entries_.empty() && entries_.back().replicas <= recommendation.replicas) {
    entries_.pop_back();
  }
  entries_.push_back(recommendation);
}

void RecommendationHistory::prune(TimePoint now, std::chrono::seconds window) {
  const auto recent = std::find_if(entries_.begin(), entries_.end(),
                                   [&](const auto& entry) { return now - entry.at <= window; });
  entries_.erase(entries_.begin(), recent);
}

std::optional<Recommendation> RecommendationHistory::highest() const {
  if (entries_.empty()) return std::nullopt;
  return entries_.front();
}

}  // namespace cpab
