#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "cpab/model/budget.h"
#include "cpab/model/pod_facts.h"
#include "cpab/model/resource.h"
#include "cpab/model/scale.h"
#include "cpab/model/scale_target.h"

namespace cpab {

/// The API server refused or could not be reached. `what()` is the `message` of its Status object
/// where there is one.
struct KubernetesError : std::runtime_error {
  KubernetesError(int http_status, const std::string& message)
      : std::runtime_error(message), status(http_status) {}
  int status;  ///< HTTP status; 0 when no answer came
};

/// Somebody else changed the replicas since they were read; nothing was written.
struct ReplicasChangedError : KubernetesError {
  ReplicasChangedError(std::int32_t seen_replicas, const std::string& message)
      : KubernetesError(422, message), seen(seen_replicas) {}
  std::int32_t seen;  ///< the count that is there now
};

/// The things an autoscaler asks of a cluster. Safe to call from several threads at once. Every
/// function throws KubernetesError, within the budget.
class Cluster {
 public:
  virtual ~Cluster() = default;

  /// The target object, with `apiVersion` and `kind`.
  virtual Resource target(const ScaleTarget& target, const Budget& budget) = 0;

  /// Its scale subresource.
  virtual Scale scale(const ScaleTarget& target, const Budget& budget) = 0;

  /// The pods that `selector` (never empty) matches, in the order of the API server, each with
  /// `apiVersion` and `kind`.
  virtual std::vector<Resource> pods(const std::string& namespace_name, const std::string& selector,
                                     const Budget& budget) = 0;

  /// What metrics need to know of the same pods, in the same order; by default out of pods(). For
  /// one who has no use for the objects a cluster can do with less memory.
  virtual std::vector<PodFacts> pod_facts(const std::string& namespace_name,
                                          const std::string& selector, const Budget& budget);

  /// Writes `replicas`, provided the object and its count are still those of `observed`. Throws
  /// ReplicasChangedError when the count is not.
  virtual Scale set_replicas(const ScaleTarget& target, const Scale& observed,
                             std::int32_t replicas, const Budget& budget) = 0;
};

}  // namespace cpab
