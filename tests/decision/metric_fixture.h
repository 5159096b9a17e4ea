#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cpab/decision/replica_calculator.h"
#include "cpab/model/metric_spec.h"

namespace cpab {

inline MetricTarget utilization_of(std::int32_t percent) {
  return {"Utilization", std::nullopt, std::nullopt, percent};
}
inline MetricTarget average_of(const std::string& quantity) {
  return {"AverageValue", std::nullopt, quantity, std::nullopt};
}
inline MetricTarget value_of(const std::string& quantity) {
  return {"Value", quantity, std::nullopt, std::nullopt};
}

/// A spec of `type` with that target.
inline MetricSpec metric(const std::string& type, const MetricTarget& target) {
  MetricSpec spec;
  spec.type = type;
  const MetricIdentifier name{"requests", std::nullopt};
  if (type == "Resource") spec.resource = {"cpu", target};
  if (type == "ContainerResource") spec.container_resource = {"cpu", "app", target};
  if (type == "Pods") spec.pods = {name, target};
  if (type == "Object") spec.object = {{}, target, name};
  if (type == "External") spec.external = {name, target};
  return spec;
}

/// Pods with these values, ready each, and `missing` and `unready` more without; a request of 1
/// each.
inline MeasuredPods pods_with(const std::vector<std::int64_t>& values, int missing = 0,
                              int unready = 0) {
  MeasuredPods measured;
  measured.groups.ready = static_cast<std::int64_t>(values.size());
  const auto add = [&](const std::string& name) { measured.requests[name] = 1000; };
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string name = "ready-" + std::to_string(i);
    measured.samples[name] = {{}, {}, values[i]};
    add(name);
  }
  for (int i = 0; i < missing; ++i) {
    add(*measured.groups.missing.insert("missing-" + std::to_string(i)).first);
  }
  for (int i = 0; i < unready; ++i) {
    add(*measured.groups.unready.insert("unready-" + std::to_string(i)).first);
  }
  return measured;
}

}  // namespace cpab
