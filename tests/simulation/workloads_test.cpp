#include <catch2/catch.hpp>
#include <set>

#include "cpab/simulation/api_operations.h"
#include "tests/simulation/api_fixture.h"

using namespace cpab;

namespace {

std::set<std::string> pod_names(ApiFixture& api, const std::string& name) {
  std::set<std::string> names;
  for (const auto& pod : api.cluster.pods("default", "app=" + name, {})) names.insert(pod.name);
  return names;
}

}  // namespace

TEST_CASE("workloads: each kind has its pods and can be scaled", "[simulation]") {
  const std::string kind =
      GENERATE("Deployment", "ReplicaSet", "StatefulSet", "ReplicationController", "Index");
  CAPTURE(kind);
  ApiFixture api;

  const auto target = api.cluster.add_workload({.kind = kind, .replicas = 2});
  api.settle();
  CHECK(api.cluster.view(target) == WorkloadView{2, 2, 2});
  const auto scale = api.cluster.scale(target, {});
  CHECK(scale.spec_replicas == 2);
  CHECK(scale.status_replicas == 2);
  CHECK(scale.selector == "app=web");

  api.cluster.set_replicas(target, scale, 5, {});
  api.settle();
  CHECK(api.cluster.view(target) == WorkloadView{5, 5, 5});
  api.cluster.scale_by_hand(target, 0);
  api.settle();
  CHECK(api.cluster.view(target) == WorkloadView{0, 0, 0});
  CHECK(api.cluster.scale(target, {}).spec_replicas == std::nullopt);
  CHECK(pod_names(api, "web").empty());
}

TEST_CASE("workloads: a Deployment runs its pods by way of a ReplicaSet", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.replicas = 2});
  api.settle();

  const auto sets = api.get_json("/apis/apps/v1/namespaces/default/replicasets");
  REQUIRE(sets.elements_at("/items").size() == 1);
  const auto set = sets.at("/items/0");
  const auto hash = set.string_at("/metadata/labels/pod-template-hash");
  CHECK(set.string_at("/metadata/name") == "web-" + hash);
  CHECK(set.string_at("/metadata/ownerReferences/0/kind") == "Deployment");
  const auto pods = api.get_json("/api/v1/namespaces/default/pods?labelSelector=app%3Dweb");
  const auto pod = pods.at("/items/0");
  CHECK(pod.string_at("/metadata/ownerReferences/0/name") == "web-" + hash);
  CHECK(pod.strings_at("/metadata/labels") ==
        std::map<std::string, std::string>{{"app", "web"}, {"pod-template-hash", hash}});
  CHECK(pod.string_at("/metadata/name").substr(0, hash.size() + 5) == "web-" + hash + "-");
}

TEST_CASE("workloads: a pod is not given a name that is taken", "[simulation]") {
  // What is drawn depends on the seed and on how many objects were made before.
  const auto name_beside = [](const std::string& other) {
    ApiFixture api;
    api.cluster.create(
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + other +
        R"(","namespace":"default"},"spec":{"containers":[{"name":"c","image":"i"}]}})");
    api.cluster.add_workload({.kind = "ReplicaSet", .replicas = 1});
    const auto names = pod_names(api, "web");
    REQUIRE(names.size() == 1);
    return *names.begin();
  };
  const std::string drawn = name_beside("somebody-else");
  CHECK(name_beside("somebody-else") == drawn);

  CHECK(name_beside(drawn) != drawn);
}

TEST_CASE("workloads: the status of a Deployment follows its pods", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.replicas = 2});

  const auto starting = api.get_json(web);
  CHECK(starting.integer_at("/status/replicas") == 2);
  CHECK(starting.integer_at("/status/unavailableReplicas") == 2);
  CHECK_FALSE(starting.contains("/status/readyReplicas"));
  CHECK(starting.string_at("/status/conditions/0/status") == "False");

  api.settle();
  const auto running = api.get_json(web);
  CHECK(running.integer_at("/status/readyReplicas") == 2);
  CHECK_FALSE(running.contains("/status/unavailableReplicas"));
  CHECK(running.string_at("/status/conditions/0/status") == "True");
  CHECK(running.string_at("/status/conditions/0/lastTransitionTime") == "2026-01-01T00:00:02Z");
  CHECK(running.string_at("/status/conditions/1/reason") == "NewReplicaSetAvailable");
}

TEST_CASE("workloads: another template makes another ReplicaSet", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.replicas = 2});
  api.settle();
  const auto before = pod_names(api, "web");

  api.patch(web, "strategic-merge",
            R"({"spec":{"template":{"spec":{"containers":[{"name":"main","image":"new"}]}}}})");
  api.settle();

  const auto after = pod_names(api, "web");
  CHECK(after.size() == 2);
  for (const auto& name : after) CHECK_FALSE(before.contains(name));
  CHECK(api.get_json(web).string_at("/metadata/annotations/deployment.kubernetes.io~1revision") ==
        "2");
  const auto sets = api.get_json("/apis/apps/v1/namespaces/default/replicasets");
  CHECK(sets.elements_at("/items").size() == 2);
}

TEST_CASE("workloads: pods of a StatefulSet have ordinals and get their names back",
          "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_workload({.kind = "StatefulSet", .replicas = 3});
  api.settle();
  CHECK(pod_names(api, "web") == std::set<std::string>{"web-0", "web-1", "web-2"});
  const auto uid = api.get_json("/api/v1/namespaces/default/pods/web-1").string_at("/metadata/uid");

  api.send("DELETE", "/api/v1/namespaces/default/pods/web-1");
  CHECK(api.cluster.view(target).ready == 2);
  api.settle();

  CHECK(pod_names(api, "web") == std::set<std::string>{"web-0", "web-1", "web-2"});
  CHECK(api.get_json("/api/v1/namespaces/default/pods/web-1").string_at("/metadata/uid") != uid);
  api.cluster.scale_by_hand(target, 1);
  api.settle();
  CHECK(pod_names(api, "web") == std::set<std::string>{"web-0"});
}

TEST_CASE("workloads: deleting one takes what it owns along", "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_deployment({.replicas = 2});
  api.settle();

  api.cluster.remove(target);

  CHECK(api.get_json("/apis/apps/v1/replicasets").elements_at("/items").empty());
  CHECK(pod_names(api, "web").size() == 2);  // they still stop
  api.settle();
  CHECK(pod_names(api, "web").empty());
}

TEST_CASE("workloads: orphaning leaves the pods alone", "[simulation]") {
  ApiFixture api;
  api.cluster.add_workload({.kind = "ReplicaSet", .replicas = 2});
  api.settle();

  api.send("DELETE", "/apis/apps/v1/namespaces/default/replicasets/web",
           R"({"propagationPolicy":"Orphan"})");
  api.settle();

  CHECK(pod_names(api, "web").size() == 2);
}

TEST_CASE("workloads: deleting a namespace empties it", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.namespace_name = "shop"});
  api.settle();

  CHECK(outcome(api.send("DELETE", "/api/v1/namespaces/shop")) == "200");
  CHECK(api.get_json("/api/v1/namespaces/shop").string_at("/status/phase") == "Terminating");
  CHECK(outcome(api.send("POST", "/api/v1/namespaces/shop/configmaps",
                         R"({"metadata":{"name":"c"}})")) ==
        "403 Forbidden: configmaps \"c\" is forbidden: unable to create new content in namespace "
        "shop because it is being terminated");
  api.settle();

  CHECK(outcome(api.get("/api/v1/namespaces/shop")) ==
        "404 NotFound: namespaces \"shop\" not "
        "found");
  CHECK(api.get_json("/api/v1/pods").elements_at("/items").empty());
  CHECK(outcome(api.get("/apis/apps/v1/namespaces/shop/deployments/web")) ==
        "404 NotFound: deployments.apps \"web\" not found");
}

TEST_CASE("workloads: a custom resource may keep its selector to itself", "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_workload({.kind = "Index", .publishes_selector = false});
  api.settle();

  CHECK(api.cluster.scale(target, {}).selector == "");
  CHECK(api.cluster.view(target).pods == 1);
}

TEST_CASE("workloads: kinds that are none are refused", "[simulation]") {
  ApiFixture api;
  CHECK_THROWS_WITH(api.cluster.add_workload({.kind = "Widget"}),
                    "the simulated cluster has no kind Widget");
  CHECK_THROWS_WITH(api.cluster.add_workload({.kind = "DaemonSet"}), "DaemonSet is no workload");
}
