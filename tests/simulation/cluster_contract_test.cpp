#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <set>

#include "cpab/io/curl_http_client.h"
#include "cpab/io/manual_clock.h"
#include "cpab/io/system_clock.h"
#include "cpab/kubernetes/credentials.h"
#include "cpab/kubernetes/discovery.h"
#include "cpab/kubernetes/pod_facts.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/kubernetes/rest_cluster.h"
#include "cpab/kubernetes/token_source.h"
#include "cpab/simulation/simulated_api_server.h"

// What users of the Cluster interface rely on, asked of both implementations: the simulated one,
// and the one for real API servers, which talks to the simulated one over HTTP.

using namespace cpab;
using namespace std::chrono_literals;

namespace {

/// A simulated cluster and a face of it.
class Face {
 public:
  virtual ~Face() = default;
  virtual Cluster& cluster() = 0;
  virtual Faults& faults() = 0;

  void settle() {
    clock.advance(1min);
    simulated.access([](ClusterState&) {});
  }

  ManualClock clock;
  SimulatedCluster simulated{clock};
};

class InProcessFace final : public Face {
 public:
  Cluster& cluster() override { return simulated; }
  Faults& faults() override { return simulated.faults(); }
};

class RestFace final : public Face {
 public:
  Cluster& cluster() override { return rest_cluster_; }
  Faults& faults() override { return server_.faults(); }

 private:
  RestOptions options() const {
    RestOptions result;
    result.server = server_.url();
    result.random = [] { return 0.0; };  // no pause between the tries
    return result;
  }

  SimulatedApiServer server_{simulated, {.token = "secret"}};
  SystemClock real_clock_;
  CurlHttpClient http_{{}, real_clock_};
  TokenSource token_{"secret"};
  RestClient rest_{http_, token_, real_clock_, options()};
  Discovery discovery_{rest_, real_clock_};
  RestCluster rest_cluster_{rest_, discovery_};
};

std::unique_ptr<Face> make_face(const std::string& name) {
  if (name == "in process") return std::make_unique<InProcessFace>();
  return std::make_unique<RestFace>();
}

/// The HTTP status of the KubernetesError that `call` throws; -1 when it throws none.
int failure_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const KubernetesError& error) {
    return error.status;
  }
  return -1;
}

}  // namespace

#define EVERY_FACE()                                          \
  const std::string name = GENERATE("in process", "by REST"); \
  CAPTURE(name);                                              \
  const auto face = make_face(name);                          \
  [[maybe_unused]] Cluster& cluster = face->cluster();        \
  [[maybe_unused]] SimulatedCluster& simulated = face->simulated

TEST_CASE("cluster contract: a target is the object with its kind", "[simulation]") {
  EVERY_FACE();
  const std::string kind =
      GENERATE("Deployment", "ReplicaSet", "StatefulSet", "ReplicationController", "Index");
  CAPTURE(kind);
  const auto target =
      simulated.add_workload({.kind = kind, .annotations = {{"note", "a<b>\"c\""}}});
  face->settle();

  const auto resource = cluster.target(target, {});

  const auto object = Json::parse(resource.json);
  CHECK(resource.name == "web");
  CHECK(resource.uid == object.string_at("/metadata/uid"));
  CHECK(object.string_at("/kind") == kind);
  CHECK(object.string_at("/apiVersion") == target.api_version);
  CHECK(object.string_at("/metadata/annotations/note") == "a<b>\"c\"");
  CHECK(resource.json.find('\n') == resource.json.npos);
  CHECK(resource == simulated.target(target, {}));
}

TEST_CASE("cluster contract: the kind may be written in lower case", "[simulation]") {
  EVERY_FACE();
  auto target = simulated.add_deployment();
  target.kind = "deployment";

  CHECK(Json::parse(cluster.target(target, {}).json).string_at("/kind") == "Deployment");
  CHECK(cluster.scale(target, {}).name == "web");
}

TEST_CASE("cluster contract: the scale tells wanted, current and selector", "[simulation]") {
  EVERY_FACE();
  const std::string kind =
      GENERATE("Deployment", "ReplicaSet", "StatefulSet", "ReplicationController", "Index");
  CAPTURE(kind);
  const auto target = simulated.add_workload({.kind = kind, .replicas = 3});
  face->settle();

  const auto scale = cluster.scale(target, {});

  CHECK(scale == Scale{"web", cluster.target(target, {}).uid, 3, 3, "app=web"});
}

TEST_CASE("cluster contract: at zero the wanted count is absent", "[simulation]") {
  EVERY_FACE();
  const auto target = simulated.add_deployment({.replicas = 2});
  simulated.scale_by_hand(target, 0);
  face->settle();

  const auto scale = cluster.scale(target, {});

  CHECK(scale.spec_replicas == std::nullopt);
  CHECK(scale.replicas() == 0);
  CHECK(scale.status_replicas == 0);
}

TEST_CASE("cluster contract: an object without selector has an empty one", "[simulation]") {
  EVERY_FACE();
  const auto target = simulated.add_workload({.kind = "Index", .publishes_selector = false});
  face->settle();

  CHECK(cluster.scale(target, {}).selector.empty());
}

TEST_CASE("cluster contract: pods are those the selector matches, in order", "[simulation]") {
  EVERY_FACE();
  simulated.add_deployment({.name = "a", .replicas = 3});
  simulated.add_deployment({.name = "b", .replicas = 2});
  simulated.add_deployment({.namespace_name = "other", .name = "a", .replicas = 1});
  face->settle();

  const auto pods = cluster.pods("default", "app=a", {});

  REQUIRE(pods.size() == 3);
  CHECK(std::is_sorted(pods.begin(), pods.end(),
                       [](const auto& left, const auto& right) { return left.name < right.name; }));
  for (const auto& pod : pods) {
    const auto object = Json::parse(pod.json);
    CHECK(object.string_at("/kind") == "Pod");
    CHECK(object.string_at("/apiVersion") == "v1");
    CHECK(object.string_at("/metadata/namespace") == "default");
    CHECK(object.string_at("/metadata/labels/app") == "a");
    CHECK(object.string_at("/status/phase") == "Running");
    CHECK(pod.uid == object.string_at("/metadata/uid"));
  }
  CHECK(cluster.pod_facts("default", "app=a", {}) == facts_of(pods));
  CHECK(cluster.pods("default", "app in (a,b),pod-template-hash", {}).size() == 5);
  CHECK(cluster.pods("default", "app!=a", {}).size() == 2);
  CHECK(cluster.pods("default", "app=none", {}).empty());
}

TEST_CASE("cluster contract: a thousand pods are all listed", "[simulation]") {
  EVERY_FACE();
  simulated.add_deployment({.replicas = 1100});

  const auto pods = cluster.pods("default", "app=web", {});

  std::set<std::string> names;
  for (const auto& pod : pods) names.insert(pod.name);
  CHECK(pods.size() == 1100);
  CHECK(names.size() == 1100);
}

TEST_CASE("cluster contract: an empty selector never means every pod", "[simulation]") {
  EVERY_FACE();
  simulated.add_deployment();

  CHECK(failure_of([&] { cluster.pods("default", "", {}); }) == 0);
  CHECK(failure_of([&] { cluster.pod_facts("default", "", {}); }) == 0);
}

TEST_CASE("cluster contract: setting the replicas has its effect afterwards", "[simulation]") {
  EVERY_FACE();
  const auto target = simulated.add_deployment({.replicas = 3});
  face->settle();
  const auto observed = cluster.scale(target, {});

  const auto answer = cluster.set_replicas(target, observed, 5, {});

  CHECK(answer.spec_replicas == 5);
  CHECK(answer.status_replicas == 3);
  CHECK(answer.name == "web");
  CHECK(answer.uid == observed.uid);
  face->settle();
  CHECK(simulated.view(target) == WorkloadView{5, 5, 5});
}

TEST_CASE("cluster contract: to zero and back", "[simulation]") {
  EVERY_FACE();
  const std::string kind = GENERATE("Deployment", "StatefulSet", "Index");
  CAPTURE(kind);
  const auto target = simulated.add_workload({.kind = kind, .replicas = 2});

  CHECK(cluster.set_replicas(target, cluster.scale(target, {}), 0, {}).replicas() == 0);
  face->settle();
  const auto zero = cluster.scale(target, {});
  CHECK(zero.spec_replicas == std::nullopt);
  CHECK(cluster.set_replicas(target, zero, 3, {}).spec_replicas == 3);
  face->settle();
  CHECK(simulated.view(target).pods == 3);
}

TEST_CASE("cluster contract: a change made meanwhile is never overwritten", "[simulation]") {
  EVERY_FACE();
  const auto target = simulated.add_deployment({.replicas = 3});
  const auto observed = cluster.scale(target, {});
  const std::int32_t meanwhile = GENERATE(0, 8);
  simulated.scale_by_hand(target, meanwhile);

  try {
    cluster.set_replicas(target, observed, 5, {});
    FAIL("the change went unnoticed");
  } catch (const ReplicasChangedError& error) {
    CHECK(error.seen == meanwhile);
    CHECK(error.status == 422);
  }
  CHECK(simulated.view(target).wanted == meanwhile);
}

TEST_CASE("cluster contract: what is not there is named", "[simulation]") {
  EVERY_FACE();
  const ScaleTarget missing{"apps/v1", "Deployment", "nope", "default"};
  const ScaleTarget elsewhere{"v1", "ReplicationController", "web", "other"};
  const ScaleTarget unknown{"apps/v1", "Widget", "web", "default"};

  CHECK(failure_of([&] { cluster.target(missing, {}); }) == 404);
  CHECK(failure_of([&] { cluster.scale(missing, {}); }) == 404);
  CHECK(failure_of([&] { cluster.set_replicas(missing, {}, 1, {}); }) == 404);
  CHECK_THROWS_WITH(cluster.target(missing, {}),
                    Catch::StartsWith("deployments.apps \"nope\" not found"));
  CHECK_THROWS_WITH(cluster.target(elsewhere, {}),
                    Catch::StartsWith("replicationcontrollers \"web\" not found"));
  CHECK_THROWS_WITH(cluster.target(unknown, {}),
                    Catch::StartsWith("no matches for kind \"Widget\" in version \"apps/v1\""));
}

TEST_CASE("cluster contract: a kind without scale says so", "[simulation]") {
  EVERY_FACE();
  simulated.access([](ClusterState& state) {
    state.create(type_of_kind("DaemonSet"),
                 Json::parse(R"({"metadata":{"name":"web","namespace":"default"}})"));
  });
  const ScaleTarget target{"apps/v1", "DaemonSet", "web", "default"};

  CHECK(cluster.target(target, {}).name == "web");
  CHECK_THROWS_WITH(cluster.scale(target, {}),
                    Catch::StartsWith("the server could not find the requested resource"));
}

TEST_CASE("cluster contract: refusals keep their status", "[simulation]") {
  EVERY_FACE();
  const auto target = simulated.add_deployment();
  face->faults().add({.path_contains = "/deployments", .status = 403});

  CHECK(failure_of([&] { cluster.target(target, {}); }) == 403);
  CHECK(failure_of([&] { cluster.scale(target, {}); }) == 403);
}

TEST_CASE("cluster contract: whoever is told to stop gets no answer", "[simulation]") {
  EVERY_FACE();
  const auto target = simulated.add_deployment();
  std::stop_source stop;
  stop.request_stop();
  Budget budget;
  budget.stop = stop.get_token();

  CHECK(failure_of([&] { cluster.target(target, budget); }) == 0);
}
