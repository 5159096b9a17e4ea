#include "cpab/kubernetes/pod_facts.h"

#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/json_fields.h"
#include "cpab/kubernetes/time_fields.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

ResourceAmounts parse_amounts(std::string_view json) {
  ResourceAmounts amounts;
  for (const auto& [resource, value] : json_members(json)) {
    if (const auto milli = milli_field(json, resource)) amounts[resource] = *milli;
  }
  return amounts;
}

/// `resources.requests` of a container or the spec of a pod.
ResourceAmounts parse_requests(std::string_view json) {
  const auto resources = object_field(json, "resources");
  const auto requests = resources ? object_field(*resources, "requests") : std::nullopt;
  return requests ? parse_amounts(*requests) : ResourceAmounts();
}

PodContainer parse_container(std::string_view json) {
  require_object(json, "a container");
  return {string_field(json, "name"), parse_requests(json)};
}

InitContainer parse_init_container(std::string_view json) {
  return {parse_container(json), string_field(json, "restartPolicy") == "Always"};
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

void parse_metadata(std::string_view metadata, PodFacts& pod) {
  pod.name = string_field(metadata, "name");
  pod.deleted = !string_field(metadata, "deletionTimestamp").empty();
}

void parse_spec(std::string_view spec, PodFacts& pod) {
  for (const std::string_view container : array_field(spec, "containers")) {
    pod.containers.push_back(parse_container(container));
  }
  for (const std::string_view container : array_field(spec, "initContainers")) {
    pod.init_containers.push_back(parse_init_container(container));
  }
  pod.requests = parse_requests(spec);
  if (const auto overhead = object_field(spec, "overhead")) pod.overhead = parse_amounts(*overhead);
}

void parse_status(std::string_view status, PodFacts& pod) {
  pod.phase = string_field(status, "phase");
  pod.start_time = instant_field(status, "startTime");
  pod.ready = ready_condition(status);
}

}  // namespace

PodFacts parse_pod(std::string_view json) {
  JsonCursor cursor(json);
  return parse_pod(cursor);
}

PodFacts parse_pod(JsonCursor& cursor) {
  if (cursor.peek() != '{') require_object(cursor.value(), "a pod");
  std::optional<std::string_view> metadata, spec, status;
  cursor.members([&](std::string_view key) {
    const std::string_view value = cursor.value();
    if (key == "metadata") metadata = object_value(key, value);
    if (key == "spec") spec = object_value(key, value);
    if (key == "status") status = object_value(key, value);
    return true;
  });
  PodFacts pod;
  if (metadata) parse_metadata(*metadata, pod);
  try {
    if (spec) parse_spec(*spec, pod);
    if (status) parse_status(*status, pod);
  } catch (const KubernetesError& error) {
    throw KubernetesError(error.status, "pod " + pod.name + ": " + error.what());
  }
  return pod;
}

std::vector<PodFacts> facts_of(const std::vector<Resource>& pods) {
  std::vector<PodFacts> facts;
  facts.reserve(pods.size());
  for (const Resource& pod : pods) facts.push_back(parse_pod(pod.json));
  return facts;
}

}  // namespace cpab
