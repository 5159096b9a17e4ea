#pragma once

#include <string>
#include <vector>

#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/once.h"
#include "cpab/model/memory_account.h"

namespace cpab {

/// The pods of one run, for everybody in it who asks: listed when first asked for, and once only,
/// also when that fails. Safe to call from several threads at once.
class RunPods {
 public:
  /// What will be asked for. The objects with their text take many times the memory of the facts.
  enum class Keep { facts, objects };

  /// The cluster outlives it. An empty selector stands for no pods that anybody could ask for.
  RunPods(Cluster& cluster, std::string namespace_name, std::string selector, Keep keep)
      : cluster_(cluster),
        namespace_name_(std::move(namespace_name)),
        selector_(std::move(selector)),
        keep_(keep) {}

  const std::string& namespace_name() const { return namespace_name_; }
  const std::string& selector() const { return selector_; }

  /// The pods as the API server sent them; only with Keep::objects. They count as long as this
  /// lives. Throws KubernetesError and MemoryError.
  const std::vector<Resource>& objects(const Budget& budget);

  /// What metrics need to know of them, in the same order. Throws KubernetesError and MemoryError.
  const std::vector<PodFacts>& facts(const Budget& budget);

 private:
  template <typename Pods>
  Pods counted(Pods pods, const Budget& budget);

  Cluster& cluster_;
  std::string namespace_name_;
  std::string selector_;
  Keep keep_;
  MemoryShare memory_;
  Once<std::vector<Resource>> objects_;
  Once<std::vector<PodFacts>> facts_;
};

}  // namespace cpab
