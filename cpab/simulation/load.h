#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "cpab/model/time.h"

namespace cpab {

/// The load on a workload, in whatever unit its user logic thinks in (say requests a second), as a
/// function of the time since the cluster came to be.
using LoadFunction = std::function<double(Duration)>;

/// The load on a workload now.
struct Load {
  std::string kind;
  std::string namespace_name;
  std::string name;
  double total = 0;
  std::int32_t ready_pods = 0;

  /// The share of each ready pod; 0 when there is none to take it.
  double per_pod() const { return ready_pods > 0 ? total / ready_pods : 0; }

  friend bool operator==(const Load&, const Load&) = default;
};

}  // namespace cpab
