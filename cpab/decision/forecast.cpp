#include "cpab/decision/forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace cpab {
namespace {

void sort_newest_first(std::vector<ReplicaPoint>& history) {
  std::stable_sort(history.begin(), history.end(),
                   [](const ReplicaPoint& a, const ReplicaPoint& b) { return a.time > b.time; });
}

std::int32_t mean(const std::vector<std::int32_t>& replicas) {
  const double sum = std::accumulate(replicas.begin(), replicas.end(), 0.0);
  return static_cast<std::int32_t>(std::lround(sum / static_cast<double>(replicas.size())));
}

std::int32_t median(std::vector<std::int32_t> replicas) {
  std::sort(replicas.begin(), replicas.end());
  const std::size_t middle = replicas.size() / 2;
  if (replicas.size() % 2 == 1) return replicas[middle];
  return static_cast<std::int32_t>((std::int64_t{replicas[middle - 1]} + replicas[middle]) / 2);
}

double seconds_before(WallTime at, WallTime time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  return std::chrono::duration<double>(std::chrono::floor<std::chrono::seconds>(at) - whole)
      .count();
}

}  // namespace

std::int32_t replicas_of(double prediction) {
  constexpr double largest = std::numeric_limits<std::int32_t>::max();
  constexpr double noise = 1e-9;  // a line through equal counts must not come out one too high
  if (std::isnan(prediction)) return 0;
  return static_cast<std::int32_t>(std::clamp(std::ceil(prediction - noise), 0.0, largest));
}

std::vector<ReplicaPoint> newest_points(std::vector<ReplicaPoint> history, std::size_t size) {
  if (history.size() < size) return history;
  sort_newest_first(history);
  history.resize(size);
  return history;
}

std::vector<ReplicaPoint> newest_seasons(std::vector<ReplicaPoint> history, std::size_t period,
                                         std::size_t stored_seasons) {
  sort_newest_first(history);
  const std::size_t seasons = history.size() / period;
  if (seasons > stored_seasons) {
    history.resize(history.size() - (seasons - stored_seasons) * period);
  }
  return history;
}

std::int32_t combined(ForecastStrategy strategy, std::vector<std::int32_t> replicas) {
  if (replicas.empty()) return 0;
  switch (strategy) {
    case ForecastStrategy::maximum:
      return *std::max_element(replicas.begin(), replicas.end());
    case ForecastStrategy::minimum:
      return *std::min_element(replicas.begin(), replicas.end());
    case ForecastStrategy::mean:
      return mean(replicas);
    case ForecastStrategy::median:
      break;
  }
  return median(std::move(replicas));
}

std::int32_t linear_forecast(const std::vector<ReplicaPoint>& history, WallTime time) {
  if (history.empty()) throw std::invalid_argument("a forecast needs at least one point");
  // The line's value at x = 0 is its intercept, x being the time to `time`.
  const auto count = static_cast<double>(history.size());
  double mean_x = 0;
  double mean_y = 0;
  for (const ReplicaPoint& point : history) {
    mean_x += seconds_before(time, point.time) / count;
    mean_y += point.replicas / count;
  }
  double covariance = 0;
  double variance = 0;
  for (const ReplicaPoint& point : history) {
    const double x = seconds_before(time, point.time) - mean_x;
    covariance += x * (point.replicas - mean_y);
    variance += x * x;
  }
  const double slope = variance > 0 ? covariance / variance : 0;
  return replicas_of(mean_y - slope * mean_x);
}

}  // namespace cpab
