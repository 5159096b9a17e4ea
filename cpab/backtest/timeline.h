#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cpab/model/time.h"

namespace cpab {

/// What is so at one moment of a replay.
struct Sample {
  WallTime time{};
  double load = 0;
  std::int32_t wanted = 0;  ///< spec.replicas
  std::int32_t pods = 0;    ///< status.replicas: starting ones included, ending ones not
  std::int32_t ready = 0;
  std::int32_t needed = 0;  ///< ready replicas that the service level takes
  bool served = true;       ///< the service level is kept

  friend bool operator==(const Sample&, const Sample&) = default;
};

/// Samples in the order of time, all as far from each other.
using Timeline = std::vector<Sample>;

/// As CSV with a header; times in RFC 3339.
std::string to_csv(const Timeline& timeline);

}  // namespace cpab
