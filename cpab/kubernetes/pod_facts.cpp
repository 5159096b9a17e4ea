#include "cpab/kubernetes/pod_facts.h"

#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/json_fields.h"
#include "cpab/kubernetes/time_fields.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

PodContainer parse_container(std::string_view json) {
  require_object(json, "a container");
  PodContainer container{string_field(json, "name"), {}};
  const auto resources = object_field(json, "resources");
  const auto requests = resources ? object_field(*resources, "requests") : std::nullopt;
  if (!requests) return container;
  for (const auto& [resource, value] : json_members(*requests)) {
    if (const auto milli = milli_field(*requests, resource)) container.requests[resource] = *milli;
  }
  return container;
}

std::optional<ReadyCondition> ready_condition(std::string_view status) {
  for (const std::string_view condition : array_field(status, "conditions")) {
    require_object(condition, "a condition");
    if (string_field(condition, "type") != "Ready") continue;
    return ReadyCondition{string_field(condition, "status"),
                          instant_field(condition, "lastTransitionTime").value_or(Instant())};
  }
  return std::nullopt;
}

}  // namespace

PodFacts parse_pod(std::string_view json) {
  require_object(json, "a pod");
  PodFacts pod;
  if (const auto metadata = object_field(json, "metadata")) {
    pod.name = string_field(*metadata, "name");
    pod.deleted = !string_field(*metadata, "deletionTimestamp").empty();
  }
  if (const auto spec = object_field(json, "spec")) {
    for (const std::string_view container : array_field(*spec, "containers")) {
      pod.containers.push_back(parse_container(container));
    }
  }
  if (const auto status = object_field(json, "status")) {
    pod.phase = string_field(*status, "phase");
    pod.start_time = instant_field(*status, "startTime");
    pod.ready = ready_condition(*status);
  }
  return pod;
}

}  // namespace cpab
