#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cpab/decision/pod_groups.h"
#include "cpab/decision/replica_calculator.h"
#include "cpab/model/instant.h"
#include "cpab/model/metric_spec.h"
#include "cpab/model/pod_facts.h"

namespace cpab {

/// What the HPA controller of a case sees. Pods and metrics go through the readers of kubernetes/,
/// as the API server would write them.

/// The instant of a `..._ms`; the one that stands for Go's zero time becomes that.
Instant instant_of_ms(std::int64_t milliseconds);

std::vector<PodFacts> pods_of(const nlohmann::json& pods);

/// `cpu_initialization_period_ms` and the like of a case or its controller.
StartupRules startup_rules(const nlohmann::json& periods, std::int64_t now_ms);

/// A `metric` of a case as a spec.
MetricSpec metric_spec_of(const nlohmann::json& metric);

/// The answers of the metrics APIs with these `items` or values.
std::string resource_list(const nlohmann::json& items);
std::string pods_list(const nlohmann::json& items);
std::string value_list(const nlohmann::json& values_milli);

/// One target and what is known about it.
struct VectorCluster {
  std::vector<PodFacts> pods;
  const nlohmann::json& metrics;
  StartupRules startup;
  ReplicaCounts replicas;
  Tolerance tolerance;
  bool pod_level_requests = true;
};

/// What the product makes of one metric.
MetricOutcome outcome_of(const MetricSpec& spec, const VectorCluster& cluster);

}  // namespace cpab
