#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/kubernetes/instant.h"

namespace cpab {

/// The Ready condition of a pod.
struct ReadyCondition {
  std::string status;  ///< `True`, `False`, `Unknown`
  Instant last_transition;

  friend bool operator==(const ReadyCondition&, const ReadyCondition&) = default;
};

struct PodContainer {
  std::string name;
  std::map<std::string, std::int64_t> requests;  ///< by resource name, in thousandths

  friend bool operator==(const PodContainer&, const PodContainer&) = default;
};

/// What the metrics need to know about a pod.
struct PodFacts {
  std::string name;
  std::string phase;     ///< `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`
  bool deleted = false;  ///< it has a deletionTimestamp
  std::optional<Instant> start_time;
  std::optional<ReadyCondition> ready;
  std::vector<PodContainer> containers;  ///< without init containers

  friend bool operator==(const PodFacts&, const PodFacts&) = default;
};

/// Reads them out of the JSON of a pod. Throws KubernetesError for fields of a wrong type.
PodFacts parse_pod(std::string_view json);

}  // namespace cpab
