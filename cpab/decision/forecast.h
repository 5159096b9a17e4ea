#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cpab/model/time.h"

namespace cpab {

/// A replica count that was wanted at some time: what forecasts are made from.
struct ReplicaPoint {
  WallTime time{};
  std::int32_t replicas = 0;

  friend bool operator==(const ReplicaPoint&, const ReplicaPoint&) = default;
};

/// `prediction` as a count: rounded up, but not because of the last bits of a double; within
/// [0, 2147483647]. Not a number counts as 0.
std::int32_t replicas_of(double prediction);

/// The newest `size` points, newest first, when there are at least that many; otherwise `history`.
std::vector<ReplicaPoint> newest_points(std::vector<ReplicaPoint> history, std::size_t size);

/// `history`, newest first, without whole seasons of `period` points from its oldest end, so that
/// `stored_seasons` are left and what has begun of the next. `period` is at least 1.
std::vector<ReplicaPoint> newest_seasons(std::vector<ReplicaPoint> history, std::size_t period,
                                         std::size_t stored_seasons);

/// What becomes of what was wanted now and what is forecast.
enum class ForecastStrategy { maximum, minimum, mean, median };

/// The count for all of `replicas`; 0 when there are none. The mean is rounded half up, the median
/// of an even number of counts is the mean of the middle two, rounded down. Source: the Predictive
/// Horizontal Pod Autoscaler 0.13.
std::int32_t combined(ForecastStrategy strategy, std::vector<std::int32_t> replicas);

/// The straight line through `history` by ordinary least squares, at `time`, rounded up. Points
/// count by the second. One point is its own forecast; none throws std::invalid_argument.
std::int32_t linear_forecast(const std::vector<ReplicaPoint>& history, WallTime time);

}  // namespace cpab
