#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "cpab/model/instant.h"

namespace cpab {

/// What a metrics API says about one pod.
struct PodMetric {
  Instant timestamp;
  std::chrono::nanoseconds window{0};
  std::int64_t value = 0;  ///< in thousandths

  friend bool operator==(const PodMetric&, const PodMetric&) = default;
};

using PodMetrics = std::map<std::string, PodMetric>;  ///< by pod name

/// What every pod requests of one resource: by pod name, in thousandths.
using PodRequests = std::map<std::string, std::int64_t>;

}  // namespace cpab
