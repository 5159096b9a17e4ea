#include <catch2/catch.hpp>

#include "tests/config/config_text.h"

namespace cpab {
namespace {

TEST_CASE("behavior: what is not said is what Kubernetes fills in, key by key", "[config]") {
  CHECK_FALSE(loaded("").config.behavior);
  CHECK(loaded("behavior: {}").config.behavior == Behavior{});
  CHECK(loaded("behavior: {scaleUp: null, scaleDown: {policies: null}}").config.behavior ==
        Behavior{});

  Behavior disabled;
  disabled.scale_down.select_policy = SelectPolicy::disabled;
  CHECK(loaded("behavior: {scaleDown: {selectPolicy: Disabled}}").config.behavior == disabled);

  Behavior slow;
  slow.scale_down.policies = {{ScalingPolicy::Type::percent, 10, std::chrono::seconds(60)}};
  CHECK(loaded("behavior:\n  scaleDown:\n    policies:\n    - type: Percent\n      value: 10\n"
               "      periodSeconds: 60\n")
            .config.behavior == slow);
}

TEST_CASE("behavior: the window of scaling down", "[config]") {
  using std::chrono::seconds;
  CHECK(loaded("").config.downscale_stabilization == seconds(0));
  CHECK(loaded("behavior: {}").config.downscale_stabilization == seconds(300));
  CHECK(loaded("behavior: {}\ndownscaleStabilization: 0").config.downscale_stabilization ==
        seconds(0));
  CHECK(loaded("behavior: {scaleDown: {stabilizationWindowSeconds: 60}}")
            .config.downscale_stabilization == seconds(60));
  CHECK(loaded("behavior: {scaleDown: {stabilizationWindowSeconds: 60}}\n"
               "downscaleStabilization: 60")
            .config.downscale_stabilization == seconds(60));
}

TEST_CASE("behavior: tolerances are quantities, as Kubernetes reads them", "[config]") {
  CHECK(*loaded("behavior: {scaleUp: {tolerance: 0.3}}").config.behavior->scale_up.tolerance ==
        0.3);
  CHECK(*loaded("behavior: {scaleUp: {tolerance: 50m}}").config.behavior->scale_up.tolerance ==
        0.05);
  CHECK(*loaded("behavior: {scaleUp: {tolerance: 0}}").config.behavior->scale_up.tolerance == 0);
}

TEST_CASE("parity: how samples may age depends on it", "[config]") {
  const auto config = [](const std::string& rest) {
    return load_config_text(
               "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}\n"
               "metric: {type: kubernetes}\nevaluate: {type: hpa}\nrunMode: per-resource\n"
               "kubernetesMetricSpecs: [{type: Pods, pods: {metric: {name: m}, target: "
               "{type: AverageValue, averageValue: 5}}}]\n" +
                   rest,
               "c.yaml", {})
        .config;
  };
  using std::chrono::seconds;
  CHECK(config("").parity == Parity::none);
  CHECK(config("").max_sample_age == seconds(300));
  CHECK(config("parity: true").parity == Parity::current);
  CHECK(config("parity: true").max_sample_age == seconds(0));
  CHECK(config("parity: false").max_sample_age == seconds(300));
  for (const char* text : {"parity: 1.24", "parity: '1.24'"}) {
    CHECK(config(text).parity == Parity::kubernetes_1_24);
  }
  CHECK(config("parity: true\nmaxSampleAge: 60").max_sample_age == seconds(60));
  for (const char* text : {"parity: 1.25", "parity: maybe", "parity: 1", "parity: [true]"}) {
    CAPTURE(text);
    CHECK(any_contains(complaints(text), "write true, false or \"1.24\""));
  }
}

TEST_CASE("behavior: a slip is refused, since it would leave open what was to be limited",
          "[config]") {
  const auto complaint = [](const std::string& text) {
    const auto found = complaints(text);
    REQUIRE(found.size() == 1);
    return found.front();
  };
  CHECK_THAT(complaint("behavior: {scaledown: {polices: []}}"),
             Catch::Contains("polices") && Catch::Contains("did you mean policies?"));
  CHECK_THAT(complaint("behavior: {scaleUp: {selectPolicy: max}}"),
             Catch::Contains("behavior.scaleUp.selectPolicy is \"max\"") &&
                 Catch::Contains("write one of Max, Min, Disabled"));
  CHECK_THAT(complaint("behavior: {scaleUp: {policies: [{value: 10, periodSeconds: 60}]}}"),
             Catch::Contains("behavior.scaleUp.policies[0] has no type"));
  CHECK_THAT(complaint("steps: {multiple: 2}"), Catch::Contains("did you mean multipleOf?"));
}

}  // namespace
}  // namespace cpab
