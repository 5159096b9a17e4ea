#include <catch2/catch.hpp>

#include "cpab/model/instant.h"
#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

/// A cluster whose Deployment `shop` is scaled by its CPU to 50 % of what it requests. One unit of
/// load is 10 % of the request of a pod.
struct HpaSetup : Setup {
  HpaSetup() {
    config["metric"] = "{type: kubernetes}";
    config["evaluate"] = "{type: hpa}";
    config["kubernetesMetricSpecs"] =
        "[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: "
        "50}}}]";
    config["maxReplicas"] = "20";
    config["downscaleStabilization"] = "0";
    config["cpuInitializationPeriod"] = "0";  // no waiting: pods are ready at once
    config["kubernetesTimeout"] = "500";
  }

  void set_load(double load) {
    cluster.set_load(shop, [load](Duration) { return load; });
  }
};

bool is_failed(const nlohmann::json& decision) { return decision.at("action") == "failed"; }

}  // namespace

TEST_CASE("hpa: scales by CPU to what the formula says", "[end_to_end]") {
  HpaSetup setup;
  setup.cluster.scale_by_hand(setup.shop, 3);
  setup.set_load(27);
  Daemon daemon = setup.start();

  // 9 units a pod are 90 %: 3 * 90 / 50 pods, rounded up. 45 % of the 6 is within the tolerance.
  CHECK(setup.reaches(6));
  const auto first = decisions(daemon).at(0);
  CHECK(first.at("message") ==
        "scaled 3 -> 6: evaluation asked for 6 (cpu resource utilization "
        "(percentage of request) above target)");
  auto proposals = first.at("evaluation").at("proposals");
  const auto measured_at = parse_instant(proposals.at(0).at("measuredAt").get<std::string>());
  CHECK(measured_at <= instant_of(setup.clock.wall_now()));
  proposals.at(0).erase("measuredAt");
  CHECK(proposals ==
        nlohmann::json::parse(R"([{"type":"Resource","metric":"cpu","replicas":6,"current":"90%",)"
                              R"("target":"50%","wins":true}])"));
  CHECK(decisions(daemon).back().at("action") != "failed");

  setup.set_load(6);  // 10 %: 6 * 10 / 50
  CHECK(setup.reaches(2));
}

TEST_CASE("hpa: holds as long as the metrics API fails", "[end_to_end]") {
  HpaSetup setup;
  setup.cluster.scale_by_hand(setup.shop, 4);
  setup.set_load(80);
  setup.server.faults().add({.path_contains = "/apis/metrics.k8s.io/", .status = 503});
  Daemon daemon = setup.start();

  REQUIRE(has_decided(daemon, 2));
  CHECK(setup.replicas() == 4);
  for (const auto& decision : decisions(daemon)) {
    CHECK(is_failed(decision));
    CHECK(decision.at("failure").at("stage") == "evaluate");
    CHECK(decision.at("failure").at("reason") == "FailedGetResourceMetric");
  }

  setup.server.faults().clear();
  CHECK(setup.reaches(16));
}

TEST_CASE("hpa: what is no number, or old, never scales", "[end_to_end]") {
  struct Source {
    std::string spec;
    std::string path;  ///< of the API that serves it
  };
  const Source external = {
      "{type: External, external: {metric: {name: queue}, target: {type: AverageValue, "
      "averageValue: 10}}}",
      "/external.metrics.k8s.io/"};
  const Source object = {
      "{type: Object, object: {metric: {name: hits}, describedObject: {kind: Deployment, name: "
      "shop, apiVersion: apps/v1}, target: {type: Value, value: 10}}}",
      "/custom.metrics.k8s.io/v1beta2/"};
  HpaSetup setup;
  setup.cluster.scale_by_hand(setup.shop, 6);
  const Source& source = GENERATE(false, true) ? object : external;
  setup.config["kubernetesMetricSpecs"] = "[" + source.spec + "]";
  const std::string now = rfc3339_seconds(setup.clock.wall_now());
  const std::string time = R"("timestamp":")" + now + "\"";
  const auto serve = [&](const std::string& members) {
    setup.server.faults().clear();
    setup.server.faults().add(
        {.path_contains = source.path, .body = R"({"kind":"List","items":[{)" + members + "}]}"});
  };
  serve("");
  Daemon daemon = setup.start();

  for (const std::string& members :
       {std::string(), time, time + R"(,"value":null)", time + R"(,"value":{})",
        time + R"(,"value":"-9223372036854775808m")", std::string(R"("value":"1")"),
        std::string(R"("timestamp":null,"value":"1")"),
        std::string(R"("timestamp":"1970-01-01T00:00:00Z","value":"1")")}) {
    CAPTURE(members);
    serve(members);
    const std::size_t before = decisions(daemon).size();
    REQUIRE(has_decided(daemon, before + 2));
    CHECK(is_failed(decisions(daemon).back()));
    CHECK(setup.replicas() == 6);
  }
  serve(time + R"(,"value":"1")");
  CHECK(setup.reaches(1));
}

TEST_CASE("hpa: pods that nobody measured in earnest are missing", "[end_to_end]") {
  HpaSetup setup;
  setup.cluster.scale_by_hand(setup.shop, 6);
  setup.set_load(0.6);  // 1 % of what they request
  MetricsServing serving;
  serving.age = std::chrono::minutes(6);
  setup.cluster.set_metrics_serving(serving);
  Daemon daemon = setup.start();

  REQUIRE(has_decided(daemon, 2));
  CHECK(setup.replicas() == 6);
  const auto decision = decisions(daemon).back();
  CHECK(decision.at("failure").at("reason") == "FailedGetResourceMetric");
  CHECK_THAT(decision.at("failure").at("message").get<std::string>(),
             Catch::Contains("6 of 6 samples are older than maxSampleAge (300 s): the newest of "
                             "them, of pod shop-"));

  setup.cluster.set_metrics_serving({});
  CHECK(setup.reaches(1));
}

namespace {

/// Four metrics of services outside.
std::string four_external_specs() {
  std::string specs;
  for (const char* name : {"a", "b", "c", "d"}) {
    specs += std::string(specs.empty() ? "[" : ", ") +
             "{type: External, external: {metric: {name: " + name +
             "}, target: {type: AverageValue, averageValue: 5}}}";
  }
  return specs + "]";
}

}  // namespace

TEST_CASE("hpa: a metrics API that fails is asked twice a metric, at once", "[end_to_end]") {
  HpaSetup setup;
  setup.config["kubernetesMetricSpecs"] = four_external_specs();
  setup.config["interval"] = "2000";
  setup.config["kubernetesTimeout"] = "10000";
  const auto fault = GENERATE(values<Fault>(
      {{.path_contains = "/external.metrics.k8s.io/", .status = 503},
       {.path_contains = "/external.metrics.k8s.io/", .status = 429},
       {.path_contains = "/external.metrics.k8s.io/", .latency = std::chrono::seconds(60)}}));
  setup.server.faults().add(fault);
  Daemon daemon = setup.start();

  REQUIRE(has_decided(daemon, 1));
  const auto decision = decisions(daemon).at(0);
  CHECK(is_failed(decision));
  // One second for all four, and some for a busy machine.
  CHECK(decision.at("durations").at("kubernetesMetrics").get<double>() < 2'500);
  if (fault.status != 0)
    CHECK(decision.at("durations").at("kubernetesMetrics").get<double>() < 990);
  const std::string message = decision.at("failure").at("message");
  CHECK_THAT(message, Catch::Contains("4 of 4 metrics failed"));
  if (fault.status != 0) CHECK_THAT(message, Catch::Contains("(tried 2 times)"));
}

TEST_CASE("hpa: one metric that is unknown does not keep another from scaling up", "[end_to_end]") {
  HpaSetup setup;
  setup.config["kubernetesMetricSpecs"].insert(
      1,
      "{type: External, external: {metric: {name: nothing-serves-it}, target: {type: AverageValue, "
      "averageValue: 5}}}, ");
  setup.cluster.scale_by_hand(setup.shop, 3);
  setup.set_load(27);
  Daemon daemon = setup.start();

  CHECK(setup.reaches(6));
  const auto proposals = decisions(daemon).at(0).at("evaluation").at("proposals");
  CHECK_THAT(proposals.at(0).at("error").get<std::string>(),
             Catch::StartsWith("failed to get external metric: "));
  CHECK(proposals.at(1).at("replicas") == 6);

  setup.set_load(1);
  CHECK(soon([&] { return is_failed(decisions(daemon).back()); }));
  CHECK(setup.replicas() == 6);
}

TEST_CASE("hpa: a script evaluates what was gathered", "[end_to_end]") {
  HpaSetup setup;
  setup.config["interval"] = never;
  setup.config["evaluate"] =
      setup.shell(R"(grep -q 'current_replicas.*status_replicas' && echo '{"targetReplicas":5}')");
  Daemon daemon = setup.start();

  CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":5})");
}

TEST_CASE("hpa: a cycle asks for what it needs and no more", "[end_to_end]") {
  const auto [source, value, metrics,
              pods] = GENERATE(table<std::string, std::string, std::size_t, std::size_t>({
      {"Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 1}}", "1", 1, 1},
      {"External, external: {metric: {name: queue}, target: {type: AverageValue, averageValue: "
       "1}}",
       "5", 1, 0},
      {"External, external: {metric: {name: queue}, target: {type: Value, value: 5}}", "5", 1, 0},
      {"External, external: {metric: {name: queue}, target: {type: Value, value: 5}}", "50", 1, 1},
      {"Object, object: {metric: {name: hits}, describedObject: {kind: Deployment, name: shop, "
       "apiVersion: apps/v1}, target: {type: AverageValue, averageValue: 1}}",
       "5", 1, 0},
  }));
  HpaSetup setup;
  setup.config["interval"] = never;
  setup.config["maxReplicas"] = "5";
  setup.config["kubernetesMetricSpecs"] = "[{type: " + source + "}]";
  setup.cluster.set_metric({"default", "", "", "queue"}, {{}, value});
  setup.cluster.set_metric({"default", "deployments.apps", "shop", "hits"}, {{}, value});
  setup.cluster.scale_by_hand(setup.shop, 5);
  setup.set_load(5);
  Daemon daemon = setup.start();
  REQUIRE(daemon.post("/api/v1/evaluation").status == 200);  // with discovery

  setup.server.requests().clear();
  REQUIRE(daemon.post("/api/v1/evaluation").status == 200);

  INFO(source);
  CHECK(count_requests(setup.server, "GET", "/shop/scale") == 1);
  CHECK(count_requests(setup.server, "GET",
                       "/api/v1/namespaces/default/pods?labelSelector=app%3Dshop&limit=500") ==
        pods);
  CHECK(setup.server.requests().total() == 1 + metrics + pods);
}

TEST_CASE("hpa: a cycle lists the pods once, also when it measures each", "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.config["runMode"] = "per-pod";
  setup.config["kubernetesMetricSpecs"] =
      "[{type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 1}}}]";
  Daemon daemon = setup.start();

  REQUIRE(daemon.get("/api/v1/metrics").status == 200);

  CHECK(count_requests(setup.server, "GET", "/pods?labelSelector=app%3Dshop&limit=500") == 1);
}
