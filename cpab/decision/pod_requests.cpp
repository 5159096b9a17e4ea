#include "cpab/decision/pod_requests.h"

#include <algorithm>
#include <optional>

#include "cpab/decision/pod_groups.h"
#include "cpab/model/saturating_sum.h"

namespace cpab {
namespace {

std::int64_t amount_of(const ResourceAmounts& amounts, const std::string& resource) {
  const auto found = amounts.find(resource);
  return found == amounts.end() ? 0 : found->second;
}

/// The resources Kubernetes accepts a request of the pod as a whole for.
bool is_pod_level_resource(const std::string& resource) {
  return resource == "cpu" || resource == "memory" || resource.starts_with("hugepages-");
}

bool has_own_requests(const PodFacts& pod) {
  return std::any_of(pod.requests.begin(), pod.requests.end(),
                     [](const auto& request) { return is_pod_level_resource(request.first); });
}

/// Adds the request of `container` to `sum`.
void add_request(std::int64_t& sum, const PodContainer& container, const std::string& resource,
                 const PodFacts& pod) {
  const auto request = container.requests.find(resource);
  if (request == container.requests.end()) {
    throw PodRequestError("missing request for " + resource + " in container " + container.name +
                          " of Pod " + pod.name);
  }
  sum = saturating_sum(sum, request->second);
}

/// The sum over the containers and sidecars that `wanted` means.
std::int64_t container_requests(const PodFacts& pod, const RequestOf& wanted) {
  std::int64_t sum = 0;
  bool found = wanted.container.empty();
  const auto add = [&](const PodContainer& container) {
    if (!wanted.container.empty() && container.name != wanted.container) return;
    found = true;
    add_request(sum, container, wanted.resource, pod);
  };
  for (const PodContainer& container : pod.containers) add(container);
  for (const InitContainer& init : pod.init_containers) {
    if (init.sidecar) add(init.container);
  }
  if (!found) {
    throw PodRequestError("container " + wanted.container + " not found in Pod " + pod.name);
  }
  return sum;
}

/// What the scheduler reserves for the containers of the pod.
std::int64_t reserved(const PodFacts& pod, const std::string& resource) {
  std::int64_t sidecars = 0;
  std::int64_t starting = 0;  // the most it takes while init containers run, one after the other
  for (const InitContainer& init : pod.init_containers) {
    const std::int64_t with_this =
        saturating_sum(sidecars, amount_of(init.container.requests, resource));
    if (init.sidecar) sidecars = with_this;
    starting = std::max(starting, with_this);
  }
  std::int64_t running = sidecars;
  for (const PodContainer& container : pod.containers) {
    running = saturating_sum(running, amount_of(container.requests, resource));
  }
  return std::max(running, starting);
}

bool is_requested(const PodFacts& pod, const std::string& resource) {
  const auto names_it = [&](const PodContainer& container) {
    return container.requests.contains(resource);
  };
  return std::any_of(pod.containers.begin(), pod.containers.end(), names_it) ||
         std::any_of(pod.init_containers.begin(), pod.init_containers.end(),
                     [&](const InitContainer& init) { return names_it(init.container); });
}

/// The request of a pod that has requests of its own.
std::int64_t pod_level_request(const PodFacts& pod, const std::string& resource) {
  const std::int64_t overhead = amount_of(pod.overhead, resource);
  const auto own = pod.requests.find(resource);
  if (own != pod.requests.end() && is_pod_level_resource(resource)) {
    return saturating_sum(own->second, overhead);
  }
  if (!is_requested(pod, resource) && !pod.overhead.contains(resource)) {
    throw PodRequestError("missing pod-level request for " + resource + " in Pod " + pod.name);
  }
  return saturating_sum(reserved(pod, resource), overhead);
}

}  // namespace

PodRequests pod_requests(const std::vector<PodFacts>& pods, const RequestOf& wanted,
                         Parity parity) {
  PodRequests requests;
  for (const PodFacts& pod : pods) {
    if (parity == Parity::none && has_ended(pod, parity)) continue;
    const bool whole = wanted.pod_level && wanted.container.empty() && has_own_requests(pod);
    const std::int64_t request =
        whole ? pod_level_request(pod, wanted.resource) : container_requests(pod, wanted);
    requests.insert_or_assign(requests.end(), pod.name, request);
  }
  return requests;
}

}  // namespace cpab
