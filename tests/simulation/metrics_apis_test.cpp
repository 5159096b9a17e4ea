#include <catch2/catch.hpp>

#include "cpab/kubernetes/kubernetes_client.h"
#include "cpab/simulation/in_process_http_client.h"
#include "tests/simulation/api_fixture.h"

using namespace cpab;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const std::string custom = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/default/";
const std::string external = "/apis/external.metrics.k8s.io/v1beta1/namespaces/default/";
const std::string pod_usage = "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods";

/// Two pods of a deployment `web` share a load of 30.
struct MetricsFixture : ApiFixture {
  MetricsFixture() {
    web_target = cluster.add_deployment({.replicas = 2, .load = [](Duration) { return 30.0; }});
    settle();
  }

  std::vector<std::string> pod_names() {
    std::vector<std::string> names;
    for (const Json& pod : get_json("/api/v1/namespaces/default/pods").elements_at("/items")) {
      names.push_back(pod.string_at("/metadata/name"));
    }
    return names;
  }

  std::vector<std::string> values_at(const std::string& target) {
    std::vector<std::string> values;
    for (const Json& item : get_json(target).elements_at("/items")) {
      values.push_back(item.string_at("/value"));
    }
    return values;
  }

  ScaleTarget web_target;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("metrics APIs: discovery has what is served", "[simulation]") {
  ApiFixture api;
  CHECK(api.get_json("/apis/custom.metrics.k8s.io").string_at("/preferredVersion/version") ==
        "v1beta2");
  CHECK_THAT(api.get("/apis/external.metrics.k8s.io/v1beta1").body,
             Contains("ExternalMetricValueList"));

  api.cluster.set_metrics_serving({.resource = false, .custom_versions = {"v1beta1"}});
  CHECK(api.get_json("/apis/custom.metrics.k8s.io").string_at("/preferredVersion/version") ==
        "v1beta1");
  CHECK(api.get("/apis/metrics.k8s.io").status == 404);
  CHECK(api.get(pod_usage).status == 404);
  CHECK(api.get(custom + "pods/*/load").status == 404);
}

TEST_CASE("metrics APIs: without values of their own they show the load", "[simulation]") {
  MetricsFixture api;
  CHECK(api.values_at(custom + "pods/%2A/load") == Texts{"15000m", "15000m"});
  CHECK(api.values_at(custom + "pods/%2A/load?labelSelector=app%3Dother").empty());
  CHECK(api.values_at(custom + "deployments.apps/web/load") == Texts{"30000m"});
  CHECK(api.values_at(external + "load") == Texts{"30000m"});
  CHECK(api.values_at(external + "load?labelSelector=name%3Dweb") == Texts{"30000m"});
  CHECK(api.values_at(external + "load?labelSelector=name%3Dother").empty());
  CHECK(api.get_json(pod_usage).string_at("/items/0/containers/0/usage/cpu") == "150000u");
}

TEST_CASE("metrics APIs: a load of zero is a value, and no load is none", "[simulation]") {
  MetricsFixture api;
  api.cluster.set_load(api.web_target, [](Duration) { return 0.0; });
  CHECK(api.values_at(custom + "pods/%2A/load") == Texts{"0m", "0m"});
  CHECK(api.values_at(custom + "deployments.apps/web/load") == Texts{"0m"});

  ApiFixture without_load;
  without_load.cluster.add_deployment({});
  without_load.settle();
  CHECK(without_load.get(custom + "pods/%2A/load").status == 404);
}

TEST_CASE("metrics APIs: each version has its own shape", "[simulation]") {
  MetricsFixture api;
  const std::string pod = api.pod_names().front();
  CHECK(api.get(custom + "pods/" + pod + "/load").body ==
        R"({"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/v1beta2","metadata":{},)"
        R"("items":[{"describedObject":{"kind":"Pod","namespace":"default","name":")" +
            pod +
            R"(","apiVersion":"/v1"},"metric":{"name":"load","selector":null},)"
            R"("timestamp":"2026-01-01T00:01:00Z","value":"15000m"}]})"
            "\n");
  const std::string first = "/apis/custom.metrics.k8s.io/v1beta1/namespaces/default/";
  CHECK_THAT(api.get(first + "deployments.apps/web/load").body,
             Contains(R"("kind":"Deployment")") && Contains(R"("apiVersion":"apps/v1")") &&
                 Contains(R"("metricName":"load")") && Contains(R"("value":"30000m")"));
}

TEST_CASE("metrics APIs: values that somebody sets", "[simulation]") {
  MetricsFixture api;
  const std::string pod = api.pod_names().front();
  api.cluster.set_metric({"default", "pods", pod, "hits"}, {{}, "7"});
  api.cluster.set_metric({"default", "namespaces", "default", "cost"}, {{}, "2"});
  api.cluster.set_metric({"default", "", "", "queue"}, {{{"queue", "mail"}}, "1500m"});
  api.cluster.set_metric({"default", "", "", "queue"}, {{{"queue", "sms"}}, "2"});
  api.cluster.set_metric({"default", "deployments.apps", "web", "rate"}, {{{"verb", "GET"}}, "3"});
  api.cluster.set_metric({"default", "deployments.apps", "web", "rate"}, {{{"verb", "PUT"}}, "4"});
  api.cluster.set_usage("default", pod, "main", {"250m", "1Gi"});

  CHECK(api.values_at(custom + "pods/%2A/hits") == Texts{"7"});
  CHECK(api.values_at(custom + "metrics/cost") == Texts{"2"});
  CHECK(api.values_at(custom + "deployments.apps/web/rate?metricLabelSelector=verb%3DPUT") ==
        Texts{"4"});
  CHECK(api.values_at(external + "queue") == Texts{"1500m", "2"});
  CHECK(api.values_at(external + "queue?labelSelector=queue%3Dsms") == Texts{"2"});
  CHECK(api.get_json(pod_usage + "/" + pod).string_at("/containers/0/usage/memory") == "1Gi");
  CHECK(outcome(api.get(custom + "pods/%2A/misses")) ==
        "404 NotFound: the server could not find the metric misses for pods");
}

TEST_CASE("metrics APIs: a value for every ready pod that has none of its own", "[simulation]") {
  MetricsFixture api;
  api.cluster.set_metric({"default", "pods", "*", "hits"}, {{}, "7"});
  api.cluster.set_metric({"default", "pods", api.pod_names().front(), "hits"}, {{}, "9"});
  CHECK(api.values_at(custom + "pods/%2A/hits") == Texts{"9", "7"});
  api.cluster.scale_by_hand(api.web_target, 3);
  CHECK(api.values_at(custom + "pods/%2A/hits").size() == 2);  // the third is starting
  api.settle();
  CHECK(api.values_at(custom + "pods/%2A/hits").size() == 3);
  api.cluster.remove_metric({"default", "pods", "*", "hits"});
  CHECK(api.values_at(custom + "pods/%2A/hits") == Texts{"9"});
}

TEST_CASE("metrics APIs: one series goes, the others stay", "[simulation]") {
  MetricsFixture api;
  api.cluster.set_metric({"default", "", "", "queue"}, {{{"queue", "mail"}}, "1"});
  api.cluster.set_metric({"default", "", "", "queue"}, {{{"queue", "sms"}}, "2"});
  api.cluster.remove_metric({"default", "", "", "queue"}, {{"queue", "mail"}});
  CHECK(api.values_at(external + "queue") == Texts{"2"});
  CHECK(api.cluster.metric_of(api.web_target, "rate") ==
        MetricSubject{"default", "deployments.apps", "web", "rate"});
}

TEST_CASE("metrics APIs: values are set over HTTP, too", "[simulation]") {
  MetricsFixture api;
  const auto put = [&](const std::string& body) {
    return outcome(api.send("PUT", "/simulation/metrics", body));
  };
  CHECK(put(R"({"metric":"queue","labels":{"queue":"mail"},"value":"30"})") == "200");
  CHECK(
      put(R"({"metric":"depth","value":"4","object":{"resource":"deployments.apps","name":"web"}})") ==
      "200");
  CHECK(api.values_at(external + "queue?labelSelector=queue%3Dmail") == Texts{"30"});
  CHECK(api.values_at(custom + "deployments.apps/web/depth") == Texts{"4"});

  CHECK(put(R"({"metric":"queue","value":null})") == "200");
  CHECK(api.values_at(external + "queue").empty());

  CHECK_THAT(put("{"), Contains("400 BadRequest: the body is no JSON"));
  CHECK_THAT(put(R"({"value":"3"})"), Contains("a metric has a name"));
  CHECK_THAT(put(R"({"metric":"queue","value":"lots"})"), Contains("is a quantity in quotes"));
}

TEST_CASE("metrics APIs: missing samples and old ones", "[simulation]") {
  MetricsFixture api;
  const std::string pod = api.pod_names().front();
  api.cluster.set_metrics_serving({.age = 90s, .unmeasured_pods = {pod}});

  const Json usage = api.get_json(pod_usage);
  REQUIRE(usage.elements_at("/items").size() == 1);
  CHECK(usage.string_at("/items/0/metadata/name") != pod);
  CHECK(usage.string_at("/items/0/timestamp") == "2025-12-31T23:59:30Z");
  CHECK(api.values_at(custom + "pods/%2A/load").size() == 1);
}

TEST_CASE("metrics APIs: the daemon's own client reads every type of metric", "[simulation]") {
  const std::string version = GENERATE("v1beta1", "v1beta2");
  MetricsFixture api;
  api.cluster.set_metrics_serving({.custom_versions = {version}});
  InProcessHttpClient http(api.cluster, api.clock);
  Credentials credentials;
  credentials.server = InProcessHttpClient::url;
  KubernetesClient kubernetes(credentials, http, api.clock, 1'000ms, {});
  const MetricTarget average{"AverageValue", {}, "10", {}};
  MetricSpec resource{.type = "Resource"};
  resource.resource = {"cpu", {"Utilization", {}, {}, 50}};
  MetricSpec container{.type = "ContainerResource"};
  container.container_resource = {"cpu", "main", average};
  MetricSpec pods{.type = "Pods"};
  pods.pods = {{"load", {}}, average};
  MetricSpec object{.type = "Object"};
  object.object = {{"Deployment", "web", "apps/v1"}, {"Value", "10", {}, {}}, {"load", {}}};
  MetricSpec queue{.type = "External"};
  queue.external = {{"load", {}}, average};
  const std::vector<MetricSpec> specs{resource, container, pods, object, queue};

  const Budget budget{api.clock.now() + 10s, {}};
  const Scale scale = kubernetes.cluster().scale(api.web_target, budget);
  RunPods run_pods(kubernetes.cluster(), "default", scale.selector, RunPods::Keep::facts);
  const auto result =
      kubernetes.metrics().gather({specs, scale, run_pods, api.clock.wall_now()}, budget);

  CHECK(result.errors.empty());
  REQUIRE(result.metrics.size() == 5);
  CHECK_THAT(result.metrics[0], Contains(R"("Value":150})") && Contains(R"("requests":{)"));
  CHECK_THAT(result.metrics[1], Contains(R"("Value":150})"));
  CHECK_THAT(result.metrics[2], Contains(R"("Value":15000})"));
  CHECK_THAT(result.metrics[3], Contains(R"("current":{"value":30000},"ready_pod_count":2)"));
  CHECK_THAT(result.metrics[4], Contains(R"("current":{"average_value":30000})"));
}
