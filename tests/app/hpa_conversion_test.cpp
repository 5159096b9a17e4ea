#include "cpab/app/hpa_conversion.h"

#include <catch2/catch.hpp>

#include "cpab/config/load.h"

using namespace cpab;
using Catch::Contains;

namespace {

const std::string manifest = R"(apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: shop
  namespace: prod
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: shop
  minReplicas: 2
  maxReplicas: 20
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: 60
  - type: External
    external:
      metric:
        name: queue
        selector: {matchLabels: {queue: mail}}
      target: {type: AverageValue, averageValue: "30"}
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 120
      policies:
      - type: Percent
        value: 10
        periodSeconds: 60
)";

Config loaded(const std::string& text) {
  return load_config_text(text, "config.yaml", {}, Slips::refuse).config;
}

std::string minimal(const std::string& version, const std::string& spec) {
  return "{\"apiVersion\": \"" + version +
         R"(", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"}, "spec": )"
         R"({"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, )"
         R"("maxReplicas": 5)" +
         spec + "}}";
}

}  // namespace

TEST_CASE("convert: the configuration loads, and says what the manifest says", "[app]") {
  const Config config = loaded(config_of_hpa(manifest, ""));

  CHECK(config.target == ScaleTarget{"apps/v1", "Deployment", "shop", "prod"});
  CHECK(config.bounds == Bounds{2, 20});
  CHECK(config.interval == Duration(15'000));
  CHECK(config.run_mode == RunMode::per_resource);
  CHECK(config.metric->type == "kubernetes");
  CHECK(config.evaluated_as_hpa());
  REQUIRE(config.kubernetes_metric_specs->size() == 2);
  const auto& specs = *config.kubernetes_metric_specs;
  CHECK(specs[0].resource->target.average_utilization == 60);
  CHECK(specs[1].external->metric.selector->match_labels.front().second == "mail");
  CHECK(config.downscale_stabilization == std::chrono::seconds(120));
  CHECK(config.behavior->scale_up == Behavior{}.scale_up);
  CHECK(config.behavior->scale_down.policies ==
        std::vector<ScalingPolicy>{{ScalingPolicy::Type::percent, 10, std::chrono::seconds(60)}});
}

TEST_CASE("convert: what Kubernetes fills in is written down", "[app]") {
  const std::string text = config_of_hpa(minimal("autoscaling/v2", ""), "");
  CHECK_THAT(text, Contains("minReplicas: 1\nmaxReplicas: 5\n") &&
                       Contains("downscaleStabilization: 300"));
  const Config config = loaded(text);
  CHECK(config.target.namespace_name == "default");
  CHECK_FALSE(config.behavior);
  CHECK(config.kubernetes_metric_specs->front().resource->target.average_utilization == 80);
}

TEST_CASE("convert: the CPU target of autoscaling/v1", "[app]") {
  const Config config = loaded(
      config_of_hpa(minimal("autoscaling/v1", R"(, "targetCPUUtilizationPercentage": 55)"), ""));
  CHECK(config.kubernetes_metric_specs->front().resource->target.average_utilization == 55);
}

TEST_CASE("convert: a manifest without metadata is one for the default namespace", "[app]") {
  const std::string text = config_of_hpa(
      "{kind: HorizontalPodAutoscaler, apiVersion: autoscaling/v2, spec: {maxReplicas: 3, "
      "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}",
      "");
  CHECK(loaded(text).target.namespace_name == "default");
}

TEST_CASE("convert: one of several is chosen by name", "[app]") {
  const std::string both = manifest + "---\n" + minimal("autoscaling/v2", "");
  CHECK_THAT(config_of_hpa(both, "web"), Contains("maxReplicas: 5"));
  CHECK_THROWS_WITH(config_of_hpa(both, ""),
                    "there are several; choose one with --name: shop, web");
  CHECK_THROWS_WITH(config_of_hpa(both, "x"),
                    "there is no HorizontalPodAutoscaler x, but: shop, web");
  CHECK_THAT(config_of_hpa("{kind: List, items: [" + minimal("autoscaling/v2", "") + "]}", ""),
             Contains("HorizontalPodAutoscaler web does"));
}

TEST_CASE("convert: says what is wrong with a manifest", "[app]") {
  CHECK_THROWS_WITH(config_of_hpa("kind: Deployment", ""),
                    Contains("there is no HorizontalPodAutoscaler in the manifest"));
  CHECK_THROWS_WITH(config_of_hpa("&a {kind: List, items: [*a]}", ""),
                    Contains("there is no HorizontalPodAutoscaler"));
  CHECK_THROWS_WITH(config_of_hpa("a: [", ""), Contains("is neither YAML nor JSON"));
  CHECK_THROWS_WITH(config_of_hpa(std::string(100'001, '['), ""),
                    "more than 100000 lines, commas and brackets are no manifest");
  CHECK_THROWS_WITH(config_of_hpa("", ""), Contains("there is no HorizontalPodAutoscaler"));
  CHECK_THROWS_WITH(config_of_hpa(minimal("autoscaling/v2beta1", ""), ""),
                    Contains("write the manifest as autoscaling/v2"));
  CHECK_THROWS_WITH(
      config_of_hpa("{kind: HorizontalPodAutoscaler, apiVersion: autoscaling/v2}", ""),
      "the HorizontalPodAutoscaler has no spec");
  CHECK_THROWS_WITH(config_of_hpa("{kind: HorizontalPodAutoscaler, apiVersion: autoscaling/v2, "
                                  "metadata: {name: a}, spec: {maxReplicas: 3}}",
                                  ""),
                    "spec.scaleTargetRef is missing");
}

TEST_CASE("convert: text in quotes stays text", "[app]") {
  std::string text = manifest;
  text.replace(text.find("name: shop\n  minReplicas"), 10, "name: \"1.10\"");
  text.replace(text.find("namespace: prod"), 15, "namespace: \"007\"");
  text.replace(text.find("queue: mail"), 11, "queue: \"yes\"");
  const Config config = loaded(config_of_hpa(text, ""));
  CHECK(config.target.name == "1.10");
  CHECK(config.target.namespace_name == "007");
  CHECK(
      (*config.kubernetes_metric_specs)[1].external->metric.selector->match_labels.front().second ==
      "yes");
}

TEST_CASE("convert: what is tagged as text stays text", "[app]") {
  std::string text = manifest;
  text.replace(text.find("name: shop\n  minReplicas"), 10, "name: !!str 1.10");
  CHECK_THAT(config_of_hpa(text, ""), Contains("\"1.10\""));
}

TEST_CASE("convert: a name stays in its line", "[app]") {
  std::string text = manifest;
  text.replace(text.find("name: shop"), 10, "name: \"a\\nmode: shadow\"");
  CHECK(loaded(config_of_hpa(text, "")).mode == Mode::active);
}

TEST_CASE("convert: refuses what it would get wrong", "[app]") {
  CHECK_THROWS_WITH(config_of_hpa(minimal("autoscaling/v2", R"(, "metrics": 5)"), ""),
                    "spec.metrics is no list");
  CHECK_THROWS_WITH(config_of_hpa(minimal("autoscaling/v2", R"(, "minReplicas": "2\nx: 1")"), ""),
                    "spec.minReplicas is no whole number");
  CHECK_THROWS_WITH(config_of_hpa(minimal("autoscaling/v2", R"(, "minReplicas": [2])"), ""),
                    "spec.minReplicas is no whole number");
  const std::string annotated =
      R"({"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler", "metadata": {"name": )"
      R"("web", "annotations": {"autoscaling.alpha.kubernetes.io/metrics": "[]"}}, "spec": )"
      R"({"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "maxReplicas": 5}})";
  CHECK_THROWS_WITH(config_of_hpa(annotated, ""), Contains("kubectl get hpa.v2.autoscaling"));
  const Config config = loaded(
      config_of_hpa(minimal("autoscaling/v1", R"(, "targetCPUUtilizationPercentage": null)"), ""));
  CHECK(config.kubernetes_metric_specs->front().resource->target.average_utilization == 80);
}
