#include "cpab/pipeline/stage_input.h"

#include <catch2/catch.hpp>

using namespace cpab;

namespace {
const Resource shop{"shop", "", R"({"kind":"Deployment"})"};
}

TEST_CASE("metric_input: resource and run type", "[pipeline][contract-41]") {
  CHECK(metric_input(shop, RunType::scaler, {}) ==
        R"({"resource":{"kind":"Deployment"},"runType":"scaler"})");
  CHECK(
      metric_input(shop, RunType::api_dry_run, {"{}", "[]"}) ==
      R"({"resource":{"kind":"Deployment"},"runType":"api_dry_run","kubernetesMetrics":[{},[]]})");
}

TEST_CASE("post_metric_input: with the metrics, an array even when there are none",
          "[pipeline][contract-47]") {
  CHECK(post_metric_input(shop, RunType::api, {{"a", "5\n"}}, {}) ==
        R"({"resource":{"kind":"Deployment"},"metrics":[{"resource":"a","value":"5\n"}],)"
        R"("runType":"api"})");
  CHECK(post_metric_input(shop, RunType::api, {}, {}) ==
        R"({"resource":{"kind":"Deployment"},"metrics":[],"runType":"api"})");
}

TEST_CASE("evaluate_input: metrics first", "[pipeline]") {
  CHECK(evaluate_input(shop, RunType::api, {{"shop", "3"}}) ==
        R"({"metrics":[{"resource":"shop","value":"3"}],"resource":{"kind":"Deployment"},)"
        R"("runType":"api"})");
}

TEST_CASE("post_evaluate_input: with the raw evaluation", "[pipeline][contract-47]") {
  CHECK(post_evaluate_input(shop, RunType::scaler, {}, {50, "busy"}) ==
        R"({"metrics":[],"resource":{"kind":"Deployment"},)"
        R"("evaluation":{"targetReplicas":50,"reason":"busy"},"runType":"scaler"})");
}

TEST_CASE("scale_input: an empty apiVersion is left out", "[pipeline]") {
  const ScaleTarget target{"", "Deployment", "shop", "prod"};
  CHECK(scale_input({shop, target, {1, 10}, 3, 50, 10, RunType::api}) ==
        R"({"evaluation":{"targetReplicas":10},"resource":{"kind":"Deployment"},)"
        R"("scaleTargetRef":{"kind":"Deployment","name":"shop"},"namespace":"prod",)"
        R"("minReplicas":1,"maxReplicas":10,"targetReplicas":50,"currentReplicas":3,)"
        R"("runType":"api"})");
}

TEST_CASE("metrics_json: empty values are left out, invalid UTF-8 replaced",
          "[pipeline][contract-45]") {
  CHECK(metrics_json({{"a", ""}, {"b", "\xFF"}}) ==
        "[{\"resource\":\"a\"},{\"resource\":\"b\",\"value\":\"\xEF\xBF\xBD\"}]");
  CHECK(metrics_json({}) == "[]");
}
