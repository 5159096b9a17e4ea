#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cpab/simulation/json.h"
#include "cpab/simulation/load.h"

namespace cpab {

/// A workload to put into the cluster. The defaults make a Deployment `web` of one pod.
struct WorkloadOptions {
  std::string kind = "Deployment";  ///< or ReplicaSet, StatefulSet, ReplicationController, Index
  std::string namespace_name = "default";  ///< made when it is not there
  std::string name = "web";
  std::int32_t replicas = 1;
  std::map<std::string, std::string> labels;  ///< of the workload; `app: <name>` comes on top
  std::map<std::string, std::string> annotations;
  std::string image = "registry.example/web:1.0";
  std::string cpu_request = "100m";
  std::string memory_request = "64Mi";
  /// Index only: whether its scale tells which pods belong to it.
  bool publishes_selector = true;
  LoadFunction load;  ///< none: it has no load
};

/// What a user would have applied: labels and selector are `app: <name>`.
Json workload_document(const WorkloadOptions& options);

}  // namespace cpab
