#include "cpab/kubernetes/run_pods.h"

#include <stdexcept>

#include "cpab/kubernetes/pod_facts.h"

namespace cpab {

const std::vector<Resource>& RunPods::objects(const Budget& budget) {
  if (keep_ != Keep::objects) throw std::logic_error("the pods of this run are kept as facts");
  return objects_.get([&] { return cluster_.pods(namespace_name_, selector_, budget); });
}

const std::vector<PodFacts>& RunPods::facts(const Budget& budget) {
  return facts_.get([&] {
    return keep_ == Keep::objects ? facts_of(objects(budget))
                                  : cluster_.pod_facts(namespace_name_, selector_, budget);
  });
}

}  // namespace cpab
