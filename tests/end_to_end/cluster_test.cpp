#include <catch2/catch.hpp>
#include <filesystem>
#include <stdexcept>

#include "tests/end_to_end/live_cluster.h"

// The daemon and any cluster there is. Without CPAB_E2E_KUBECONFIG that is a simulated one.

using namespace cpab;

namespace {

/// A workload `shop` of one pod.
std::string workload(const std::string& kind) {
  return "apiVersion: apps/v1\n"
         "kind: " +
         kind +
         "\n"
         "metadata: {name: shop, labels: {app: shop}}\n"
         "spec:\n"
         "  replicas: 1\n" +
         (kind == "StatefulSet" ? "  serviceName: shop\n" : "") +
         "  selector: {matchLabels: {app: shop}}\n"
         "  template:\n"
         "    metadata: {labels: {app: shop}}\n"
         "    spec:\n"
         "      terminationGracePeriodSeconds: 0\n"
         "      containers: [{name: main, image: 'registry.k8s.io/pause:3.9'}]\n";
}

/// A daemon that scales `shop` to what stands in a file.
class Autoscaled {
 public:
  Autoscaled(LiveCluster& cluster, const std::string& kind,
             const std::string& api_version = "apps/v1")
      : cluster_(cluster) {
    config = "scaleTargetRef: {apiVersion: " + api_version + ", kind: " + kind +
             ", name: shop}\n"
             "maxReplicas: 10\n"
             "evaluate: " +
             shell("cat " + cluster.folder().file("answer")) + "\n";
  }

  static std::string shell(const std::string& script) {
    return "{type: shell, timeout: 60000, shell: {entrypoint: /bin/sh, command: [-c, \"" + script +
           "\"]}}";
  }

  /// In one step: user logic must not see half an answer.
  void wants(int replicas) const {
    const TemporaryDirectory& folder = cluster_.folder();
    folder.write("answer.new", "{\"targetReplicas\":" + std::to_string(replicas) + "}");
    std::filesystem::rename(folder.file("answer.new"), folder.file("answer"));
  }

  std::string config;

 private:
  LiveCluster& cluster_;
};

/// A kind of its own for each namespace: the group is named after that.
std::string custom_kind(const std::string& group) {
  return "apiVersion: apiextensions.k8s.io/v1\n"
         "kind: CustomResourceDefinition\n"
         "metadata: {name: fleets." +
         group +
         "}\n"
         "spec:\n"
         "  group: " +
         group +
         "\n"
         "  scope: Namespaced\n"
         "  names: {kind: Fleet, plural: fleets, singular: fleet}\n"
         "  versions:\n"
         "  - name: v1\n"
         "    served: true\n"
         "    storage: true\n"
         "    schema:\n"
         "      openAPIV3Schema:\n"
         "        type: object\n"
         "        properties:\n"
         "          spec: {type: object, properties: {replicas: {type: integer}}}\n"
         "          status: {type: object, properties: {replicas: {type: integer}}}\n"
         "    subresources:\n"
         "      status: {}\n"
         "      scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}\n";
}

constexpr const char* per_resource = "runMode: per-resource\n";

std::string metric(const std::string& script) {
  return "metric: " + Autoscaled::shell(script) + "\n";
}

bool reaches(LiveCluster& cluster, const std::string& target, int replicas) {
  return soon([&] { return cluster.replicas(target) == replicas; });
}

/// One after the other; the pods follow.
void check_up_and_down(LiveCluster& cluster, const Autoscaled& autoscaled,
                       const std::string& target) {
  for (const int wanted : {3, 5, 2}) {
    autoscaled.wants(wanted);
    CHECK(reaches(cluster, target, wanted));
    CHECK(cluster.has_ready_pods("app=shop", static_cast<std::size_t>(wanted)));
  }
}

}  // namespace

TEST_CASE("cluster: a Deployment is scaled up and down, measured as a whole",
          "[end_to_end][cluster]") {
  LiveCluster cluster;
  cluster.create(workload("Deployment"));
  Autoscaled autoscaled(cluster, "Deployment");
  autoscaled.wants(3);
  Daemon daemon = cluster.start(autoscaled.config + per_resource + metric("echo 7"));

  check_up_and_down(cluster, autoscaled, "deployment/shop");
  CHECK(daemon.stop() == 0);
  CHECK_THAT(daemon.log(), Catch::Contains("scaled 1 -> 3: evaluation asked for 3"));
  CHECK(daemon.log().find(" ERROR ") == std::string::npos);
}

TEST_CASE("cluster: a StatefulSet is scaled up and down, measured pod by pod",
          "[end_to_end][cluster]") {
  LiveCluster cluster;
  cluster.create(workload("StatefulSet"));
  Autoscaled autoscaled(cluster, "StatefulSet");
  autoscaled.wants(3);
  Daemon daemon = cluster.start(autoscaled.config + metric("cat > /dev/null; echo 7"));

  check_up_and_down(cluster, autoscaled, "statefulset/shop");
  const auto metrics = nlohmann::json::parse(daemon.get("/api/v1/metrics").body);
  REQUIRE(metrics.size() == 2);
  CHECK(metrics[0].at("resource") == "shop-0");
  CHECK(metrics[1].at("resource") == "shop-1");
  CHECK(daemon.stop() == 0);
  CHECK(daemon.log().find(" ERROR ") == std::string::npos);
}

TEST_CASE("cluster: kubectl scale during a cycle is respected by it", "[end_to_end][cluster]") {
  LiveCluster cluster;
  cluster.create(workload("Deployment"));
  Autoscaled autoscaled(cluster, "Deployment");
  autoscaled.wants(3);
  const std::string begun = cluster.folder().file("begun");
  const std::string go = cluster.folder().file("go");
  Daemon daemon = cluster.start(
      autoscaled.config + per_resource +
      metric("echo > " + begun + "; while [ ! -e " + go + " ]; do sleep 0.05; done; echo 7"));
  REQUIRE(soon([&] { return std::filesystem::exists(begun); }));

  cluster.must({"scale", "deployment/shop", "--replicas=4"});
  cluster.folder().write("go", "");

  CHECK(
      daemon.logs("wanted 3, keeping 4: somebody else changed the replicas from 1 to 4 meanwhile"));
  CHECK(daemon.logs("scaled 4 -> 3: evaluation asked for 3"));
  CHECK(cluster.replicas("deployment/shop") == 3);
}

TEST_CASE("cluster: a target that is deleted and made again is scaled again",
          "[end_to_end][cluster]") {
  LiveCluster cluster;
  cluster.create(workload("Deployment"));
  Autoscaled autoscaled(cluster, "Deployment");
  autoscaled.wants(3);
  Daemon daemon = cluster.start(autoscaled.config + per_resource + metric("echo 7"));
  REQUIRE(reaches(cluster, "deployment/shop", 3));

  cluster.must({"delete", "deployment/shop"});
  REQUIRE(daemon.logs("failed to get managed resource: deployments.apps \"shop\" not found"));
  autoscaled.wants(2);
  cluster.create(workload("Deployment"));

  CHECK(reaches(cluster, "deployment/shop", 2));
  CHECK(daemon.logs("scaled 1 -> 2: evaluation asked for 2"));
}

TEST_CASE("cluster: a dry run writes nothing", "[end_to_end][cluster]") {
  LiveCluster cluster;
  cluster.create(workload("Deployment"));
  Autoscaled autoscaled(cluster, "Deployment");
  autoscaled.wants(3);
  const std::string idle = "startTime: 86400000\n";
  Daemon daemon = cluster.start(autoscaled.config + per_resource + metric("echo 7") + idle);

  CHECK(daemon.post("/api/v1/evaluation?dry_run=true").body == R"({"targetReplicas":3})");
  CHECK(cluster.replicas("deployment/shop") == 1);
  CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":3})");
  CHECK(cluster.replicas("deployment/shop") == 3);
}

TEST_CASE("cluster: a custom resource is scaled once its kind is installed",
          "[end_to_end][cluster]") {
  LiveCluster cluster;
  const std::string group = cluster.namespace_name() + ".example.com";
  const std::string definition = "customresourcedefinition/fleets." + group;
  Autoscaled autoscaled(cluster, "Fleet", group + "/v1");
  autoscaled.wants(3);
  Daemon daemon = cluster.start(autoscaled.config + per_resource + metric("echo 7"));
  REQUIRE(daemon.logs("no matches for kind \"Fleet\" in version \"" + group + "/v1\""));

  cluster.delete_in_the_end(definition);
  try {
    cluster.create(custom_kind(group));
  } catch (const std::runtime_error& error) {
    WARN("skipped: " << error.what());
    return;
  }
  cluster.must({"wait", "--for=condition=Established", definition, "--timeout=30s"});
  cluster.create("apiVersion: " + group +
                 "/v1\nkind: Fleet\nmetadata: {name: shop}\nspec: {replicas: 1}\n");

  CHECK(reaches(cluster, "fleets." + group + "/shop", 3));
  autoscaled.wants(2);
  CHECK(reaches(cluster, "fleets." + group + "/shop", 2));
}
