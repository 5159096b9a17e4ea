#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cpab/model/time.h"

namespace cpab {

/// A load that was measured: straight lines between points, whose times rise; what is outside has
/// the value of the end.
struct RecordedLoad {
  std::vector<std::pair<Duration, double>> points;

  // What else is known of that time.
  std::optional<WallTime> start;         ///< when it was 0
  std::optional<std::int32_t> replicas;  ///< at the first point
  /// Given when the load is in a unit of which it is known: per cent of a request.
  std::optional<double> capacity_per_replica;
  std::vector<std::string> remarks;  ///< what is not as one would wish, a sentence each
};

/// Measured values by their time; at least one.
using LoadSamples = std::map<WallTime, double>;

/// A load that starts at the first sample. Remarks on gaps.
RecordedLoad recorded_load(const LoadSamples& samples);

}  // namespace cpab
