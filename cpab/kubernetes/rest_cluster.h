#pragma once

#include <string>
#include <vector>

#include "cpab/kubernetes/cluster.h"

namespace cpab {

struct ApiResource;
class Discovery;
struct RequestError;
class RestClient;

/// The cluster behind an API server (contract section 5). The kind is mapped to its path once, and
/// that path serves for the object, its scale and the patch alike.
class RestCluster : public Cluster {
 public:
  /// The references outlive it.
  RestCluster(RestClient& rest, Discovery& discovery);

  Resource target(const ScaleTarget& target, const Budget& budget) override;
  Scale scale(const ScaleTarget& target, const Budget& budget) override;
  std::vector<Resource> pods(const std::string& namespace_name, const std::string& selector,
                             const Budget& budget) override;
  std::vector<PodFacts> pod_facts(const std::string& namespace_name, const std::string& selector,
                                  const Budget& budget) override;

  /// The patch tests the UID and the count before it replaces that, which also makes it safe to
  /// send again: when an answer got lost, a failed test with the wanted count in place means that
  /// it was applied.
  Scale set_replicas(const ScaleTarget& target, const Scale& observed, std::int32_t replicas,
                     const Budget& budget) override;

 private:
  template <typename Call>
  auto with_resource(const ScaleTarget& target, const Budget& budget, Call call);
  template <typename Pod>
  std::vector<Pod> list_pods(const std::string& namespace_name, const std::string& selector,
                             const Budget& budget);
  template <typename Pod>
  std::vector<Pod> pages(const std::string& path, const Budget& budget);
  Scale after_failed_patch(const ScaleTarget& target, const Scale& observed, std::int32_t replicas,
                           const RequestError& error, const Budget& budget);

  RestClient& rest_;
  Discovery& discovery_;
};

}  // namespace cpab
