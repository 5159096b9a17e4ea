#include "cpab/kubernetes/coalescing_cluster.h"

namespace cpab {
namespace {

/// No name of Kubernetes holds a line break.
std::string key_of(const ScaleTarget& target) {
  return target.api_version + '\n' + target.kind + '\n' + target.namespace_name + '\n' +
         target.name;
}

}  // namespace

CoalescingCluster::CoalescingCluster(Cluster& cluster, Clock& clock)
    : cluster_(cluster), targets_(clock), scales_(clock), pods_(clock), pod_facts_(clock) {}

Resource CoalescingCluster::target(const ScaleTarget& target, const Budget& budget) {
  return targets_.read(key_of(target), budget, [&] { return cluster_.target(target, budget); });
}

Scale CoalescingCluster::scale(const ScaleTarget& target, const Budget& budget) {
  return scales_.read(key_of(target), budget, [&] { return cluster_.scale(target, budget); });
}

std::vector<Resource> CoalescingCluster::pods(const std::string& namespace_name,
                                              const std::string& selector, const Budget& budget) {
  return pods_.read(namespace_name + '\n' + selector, budget,
                    [&] { return cluster_.pods(namespace_name, selector, budget); });
}

std::vector<PodFacts> CoalescingCluster::pod_facts(const std::string& namespace_name,
                                                   const std::string& selector,
                                                   const Budget& budget) {
  return pod_facts_.read(namespace_name + '\n' + selector, budget,
                         [&] { return cluster_.pod_facts(namespace_name, selector, budget); });
}

Scale CoalescingCluster::set_replicas(const ScaleTarget& target, const Scale& observed,
                                      std::int32_t replicas, const Budget& budget) {
  return cluster_.set_replicas(target, observed, replicas, budget);
}

}  // namespace cpab
