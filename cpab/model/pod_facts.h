#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cpab/model/instant.h"

namespace cpab {

/// By resource name (`cpu`, `memory`, ...), in thousandths.
using ResourceAmounts = std::map<std::string, std::int64_t>;

/// The Ready condition of a pod.
struct ReadyCondition {
  std::string status;  ///< `True`, `False`, `Unknown`
  Instant last_transition;

  friend bool operator==(const ReadyCondition&, const ReadyCondition&) = default;
};

struct PodContainer {
  std::string name;
  ResourceAmounts requests;

  friend bool operator==(const PodContainer&, const PodContainer&) = default;
};

/// An init container; one that restarts always runs beside the containers.
struct InitContainer {
  PodContainer container;
  bool sidecar = false;  ///< restartPolicy is `Always`

  friend bool operator==(const InitContainer&, const InitContainer&) = default;
};

/// What the metrics need to know about a pod.
struct PodFacts {
  std::string name;
  std::string phase;     ///< `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`
  bool deleted = false;  ///< it has a deletionTimestamp
  std::optional<Instant> start_time;
  std::optional<ReadyCondition> ready;
  std::vector<PodContainer> containers;             ///< without init containers
  std::vector<InitContainer> init_containers = {};  ///< in the order they start
  ResourceAmounts requests = {};                    ///< those of the pod as a whole
  ResourceAmounts overhead = {};                    ///< what running it costs on top

  friend bool operator==(const PodFacts&, const PodFacts&) = default;
};

}  // namespace cpab
