#include "cpab/kubernetes/run_pods.h"

#include <stdexcept>

#include "cpab/kubernetes/kept_bytes.h"
#include "cpab/kubernetes/pod_facts.h"

namespace cpab {

template <typename Pods>
Pods RunPods::counted(Pods pods, const Budget& budget) {
  if (memory_.bytes() == 0) memory_ = MemoryShare(budget.memory, "pods");
  memory_.grow(bytes_of(pods));
  return pods;
}

const std::vector<Resource>& RunPods::objects(const Budget& budget) {
  if (keep_ != Keep::objects) throw std::logic_error("the pods of this run are kept as facts");
  return objects_.get(
      [&] { return counted(cluster_.pods(namespace_name_, selector_, budget), budget); });
}

const std::vector<PodFacts>& RunPods::facts(const Budget& budget) {
  return facts_.get([&] {
    return counted(keep_ == Keep::objects ? facts_of(objects(budget))
                                          : cluster_.pod_facts(namespace_name_, selector_, budget),
                   budget);
  });
}

}  // namespace cpab
