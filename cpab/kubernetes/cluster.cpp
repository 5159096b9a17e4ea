#include "cpab/kubernetes/cluster.h"

#include "cpab/kubernetes/pod_facts.h"

namespace cpab {

std::vector<PodFacts> Cluster::pod_facts(const std::string& namespace_name,
                                         const std::string& selector, const Budget& budget) {
  return facts_of(pods(namespace_name, selector, budget));
}

}  // namespace cpab
