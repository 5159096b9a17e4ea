#pragma once

#include <string>
#include <vector>

#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/shared_reads.h"

namespace cpab {

/// Makes another cluster gentle to its API server: however many callers read the same thing at the
/// same time, at most one read of it runs, and everybody who waited takes the result of the next
/// (see SharedReads). Nobody is slowed down and nobody gets old data. Writes go straight through.
class CoalescingCluster : public Cluster {
 public:
  /// The references outlive it.
  CoalescingCluster(Cluster& cluster, Clock& clock);

  Resource target(const ScaleTarget& target, const Budget& budget) override;
  Scale scale(const ScaleTarget& target, const Budget& budget) override;
  std::vector<Resource> pods(const std::string& namespace_name, const std::string& selector,
                             const Budget& budget) override;
  std::vector<PodFacts> pod_facts(const std::string& namespace_name, const std::string& selector,
                                  const Budget& budget) override;
  Scale set_replicas(const ScaleTarget& target, const Scale& observed, std::int32_t replicas,
                     const Budget& budget) override;

 private:
  Cluster& cluster_;
  SharedReads<Resource> targets_;
  SharedReads<Scale> scales_;
  SharedReads<std::vector<Resource>> pods_;
  SharedReads<std::vector<PodFacts>> pod_facts_;
};

}  // namespace cpab
