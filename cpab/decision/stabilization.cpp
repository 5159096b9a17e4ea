#include "cpab/decision/stabilization.h"

#include <algorithm>

namespace cpab {
namespace {

/// The best of the entries later than `time`, the newest of equals; `better(a, b)` is strict.
template <typename Better>
std::optional<Recommendation> best_after(const std::vector<Recommendation>& entries, TimePoint time,
                                         Better better) {
  std::optional<Recommendation> best;
  for (auto entry = entries.rbegin(); entry != entries.rend() && entry->at > time; ++entry) {
    if (!best || better(entry->replicas, best->replicas)) best = *entry;
  }
  return best;
}

}  // namespace

void RecommendationHistory::add(Recommendation recommendation) {
  std::int32_t highest_later = recommendation.replicas;
  std::int32_t lowest_later = recommendation.replicas;
  const auto outdone = [&](const Recommendation& entry) {
    const bool may_count = entry.replicas > highest_later || entry.replicas < lowest_later;
    highest_later = std::max(highest_later, entry.replicas);
    lowest_later = std::min(lowest_later, entry.replicas);
    return !may_count;
  };
  // From the newest to the oldest, since an entry counts by what came after it.
  const auto kept = std::remove_if(entries_.rbegin(), entries_.rend(), outdone);
  entries_.erase(entries_.begin(), kept.base());
  entries_.push_back(recommendation);
  interrupted_ = false;
}

bool RecommendationHistory::knows_nothing_of(std::chrono::seconds window, TimePoint now) const {
  return entries_.empty() || entries_.back().at <= now - window;
}

void RecommendationHistory::prune(TimePoint now, std::chrono::seconds window, WindowEnd end) {
  const auto recent = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) {
    const auto age = now - entry.at;
    return age < window || (end == WindowEnd::inclusive && age == window);
  });
  entries_.erase(entries_.begin(), recent);
}

std::optional<Recommendation> RecommendationHistory::highest() const {
  return highest_after(TimePoint::min());
}

std::optional<Recommendation> RecommendationHistory::highest_after(TimePoint time) const {
  return best_after(entries_, time, std::greater<>());
}

std::optional<Recommendation> RecommendationHistory::lowest_after(TimePoint time) const {
  return best_after(entries_, time, std::less<>());
}

}  // namespace cpab
