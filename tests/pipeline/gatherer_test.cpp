#include "cpab/pipeline/gatherer.h"

#include <catch2/catch.hpp>
#include <latch>

#include "tests/pipeline/cycle_fixture.h"

using namespace cpab;

namespace {

Resource pod(const std::string& name) {
  return {name, "", R"({"metadata":{"name":")" + name + "\"}}"};
}

struct PerPod : CycleFixture {
  PerPod() {
    config.run_mode = RunMode::per_pod;
    cluster.pods_answer = {pod("shop-a"), pod("shop-b")};
  }
  std::vector<Metric> gather() { return cycle().gather(RunType::api, {}).metrics; }
};

}  // namespace

TEST_CASE("Gatherer: per pod, one call each in list order", "[pipeline][contract-42]") {
  PerPod f;
  ScriptedMethod& metric =
      f.set(f.methods.metric, [](std::string_view input, const std::stop_token&) {
        return input.find("shop-a") != std::string_view::npos ? std::string("5\n")
                                                              : std::string("7");
      });

  CHECK(f.gather() == std::vector<Metric>{{"shop-a", "5\n"}, {"shop-b", "7"}});
  CHECK(metric.inputs() ==
        std::vector<std::string>{R"({"resource":{"metadata":{"name":"shop-a"}},"runType":"api"})",
                                 R"({"resource":{"metadata":{"name":"shop-b"}},"runType":"api"})"});
}

TEST_CASE("Gatherer: only pods of the scale's selector are asked for", "[pipeline][contract-43]") {
  PerPod f;
  f.gather();
  CHECK(f.cluster.selectors == std::vector<std::string>{"app=shop"});
}

TEST_CASE("Gatherer: one failing pod fails the whole, and is named", "[pipeline][contract-42]") {
  PerPod f;
  f.set(f.methods.metric, [](std::string_view input, const std::stop_token&) -> std::string {
    if (input.find("shop-b") == std::string_view::npos) return "5";
    throw MethodError("exit", "exit status 3");
  });
  CHECK_THROWS_WITH(f.gather(), "failed to gather metrics: exit status 3 (pod shop-b)");
}

TEST_CASE("Gatherer: without pods metric is not called, hooks and evaluate are",
          "[pipeline][contract-44]") {
  PerPod f;
  f.cluster.pods_answer.clear();
  f.trace_all_stages();
  ScriptedMethod& evaluate = f.set(f.methods.evaluate, R"({"targetReplicas":3})");

  f.run();

  CHECK(f.order == std::vector<std::string>{"preMetric", "postMetric", "preEvaluate",
                                            "postEvaluate", "preScale", "postScale"});
  CHECK(evaluate.inputs().front().substr(0, 14) == R"({"metrics":[],)");
}

TEST_CASE("Gatherer: metrics and user logic share one list of pods", "[pipeline]") {
  PerPod f;
  f.config.kubernetes_metric_specs = std::vector<MetricSpec>(1);
  f.kubernetes_metrics.lists_pods = true;

  SECTION("it is read once") {
    CHECK(f.gather().size() == 2);
    CHECK(f.cluster.selectors.size() == 1);
  }
  SECTION("nor is it tried again when it failed") {
    f.cluster.pods_error = KubernetesError(403, "pods is forbidden");
    CHECK_THROWS_AS(f.gather(), StageError);
    CHECK(f.cluster.selectors.size() == 1);
  }
  SECTION("the next cycle reads it anew") {
    f.gather();
    f.gather();
    CHECK(f.cluster.selectors.size() == 2);
  }
}

TEST_CASE("Gatherer: an empty selector is refused, it does not mean every pod", "[pipeline]") {
  PerPod f;
  f.cluster.scale_answer.selector.clear();
  CHECK_THROWS_WITH(f.gather(), Catch::StartsWith("failed to get pods being managed: the scale "
                                                  "subresource of Deployment shop in namespace "
                                                  "prod names no pod selector"));
  CHECK(f.cluster.selectors.empty());
}

TEST_CASE("Gatherer: an empty selector does not matter per resource", "[pipeline]") {
  CycleFixture f;
  f.cluster.scale_answer.selector.clear();
  CHECK(f.cycle().gather(RunType::api, {}).metrics == std::vector<Metric>{{"shop", "7"}});
}

TEST_CASE("Gatherer: metricConcurrency runs pods side by side and keeps their order",
          "[pipeline]") {
  PerPod f;
  f.config.metric_concurrency = 2;
  std::latch both(2);
  f.set(f.methods.metric, [&](std::string_view input, const std::stop_token&) {
    both.arrive_and_wait();  // ends only when both calls run at the same time
    return input.find("shop-a") != std::string_view::npos ? std::string("a") : std::string("b");
  });
  CHECK(f.gather() == std::vector<Metric>{{"shop-a", "a"}, {"shop-b", "b"}});
}

TEST_CASE("Gatherer: Kubernetes metrics go to the metric stages only", "[pipeline]") {
  CycleFixture f;
  f.config.kubernetes_metric_specs = std::vector<MetricSpec>(1);
  f.kubernetes_metrics.answer.metrics = {R"({"current_replicas":3})"};
  ScriptedMethod& pre_metric = f.set(f.methods.pre_metric, "");
  ScriptedMethod& metric = f.set(f.methods.metric, "7");
  ScriptedMethod& post_metric = f.set(f.methods.post_metric, "");
  ScriptedMethod& evaluate = f.set(f.methods.evaluate, R"({"targetReplicas":3})");

  f.run();

  const std::string part = R"("kubernetesMetrics":[{"current_replicas":3}])";
  CHECK_THAT(pre_metric.inputs().at(0), Catch::Contains(part));
  CHECK_THAT(metric.inputs().at(0), Catch::Contains(part));
  CHECK_THAT(post_metric.inputs().at(0), Catch::Contains(part));
  CHECK_THAT(evaluate.inputs().at(0), !Catch::Contains("kubernetesMetrics"));
}

TEST_CASE("Gatherer: Kubernetes metrics that fail are fatal only when required",
          "[pipeline][contract-51]") {
  CycleFixture f;
  f.config.kubernetes_metric_specs = std::vector<MetricSpec>(2);
  f.kubernetes_metrics.answer.errors = {"no such API"};
  ScriptedMethod& metric = f.set(f.methods.metric, "7");

  SECTION("optional: the run goes on without the key") {
    CHECK(f.run().record.action == Action::scaled);
    CHECK_THAT(metric.inputs().at(0), !Catch::Contains("kubernetesMetrics"));
  }
  SECTION("required, all failed") {
    f.config.require_kubernetes_metrics = true;
    f.config.kubernetes_metric_specs = std::vector<MetricSpec>(1);
    CHECK(f.run().record.failure.value().message ==
          "failed to get all required Kubernetes metrics: gatherer multi metric error: 1 errors, "
          "first error is no such API");
    CHECK(metric.inputs().empty());
  }
  SECTION("required, some failed") {
    f.config.require_kubernetes_metrics = true;
    f.kubernetes_metrics.answer.metrics = {"{}"};
    CHECK(f.run().record.failure.value().message ==
          "failed to get some (1/2) required Kubernetes metrics: gatherer multi metric error: 1 "
          "errors, first error is no such API");
  }
}

TEST_CASE("Gatherer: metrics are told completely to whoever uses the formula", "[pipeline]") {
  const auto detail_with = [](const char* metric_type, const char* evaluate_type) {
    CycleFixture f;
    f.config.kubernetes_metric_specs = std::vector<MetricSpec>(1);
    f.config.metric = MethodConfig{.type = metric_type};
    f.config.evaluate = MethodConfig{.type = evaluate_type};
    f.run();
    return f.kubernetes_metrics.detail;
  };
  CHECK(detail_with("shell", "http") == MetricDetail::reference);
  CHECK(detail_with("kubernetes", "http") == MetricDetail::complete);
  CHECK(detail_with("shell", "hpa") == MetricDetail::complete);
}

TEST_CASE("Gatherer: user logic sees finished pods as the HPA does, whatever the formula does",
          "[pipeline]") {
  const auto parity_with = [](const char* evaluate_type, Parity parity) {
    CycleFixture f;
    f.config.kubernetes_metric_specs = std::vector<MetricSpec>(1);
    f.config.metric = MethodConfig{.type = "kubernetes"};
    f.config.evaluate = MethodConfig{.type = evaluate_type};
    f.config.parity = parity;
    f.run();
    return f.kubernetes_metrics.parity;
  };
  CHECK(parity_with("shell", Parity::none) == Parity::current);
  CHECK(parity_with("hpa", Parity::none) == Parity::none);
  CHECK(parity_with("hpa", Parity::current) == Parity::current);
  CHECK(parity_with("hpa", Parity::kubernetes_1_24) == Parity::kubernetes_1_24);
}

TEST_CASE("Gatherer: where the formula alone is told of metrics, it says what it needs",
          "[pipeline]") {
  CycleFixture f;
  f.config.kubernetes_metric_specs = std::vector<MetricSpec>(1);
  f.config.metric = MethodConfig{.type = "kubernetes"};
  f.config.evaluate = MethodConfig{.type = "hpa", .hpa = HpaConfig{.tolerance = 0.2}};
  f.config.behavior.emplace().scale_up.tolerance = 0.5;

  SECTION("alone") {
    f.config.post_scale = MethodConfig{.type = "shell"};
    f.run();
    CHECK(f.kubernetes_metrics.formula_tolerance == Tolerance{.down = 0.2, .up = 0.5});
  }
  SECTION("with a hook") {
    f.config.post_metric = MethodConfig{.type = "shell"};
    f.run();
    CHECK_FALSE(f.kubernetes_metrics.formula_tolerance);
  }
  SECTION("with a script that measures") {
    f.config.metric = MethodConfig{.type = "shell"};
    f.run();
    CHECK_FALSE(f.kubernetes_metrics.formula_tolerance);
  }
}

TEST_CASE("Gatherer: Kubernetes metrics have half the interval, within limits", "[pipeline]") {
  const auto [interval, budget] = GENERATE(
      table<int, int>({{15'000, 7'500}, {100, 1'000}, {2'500, 1'250}, {3'600'000, 30'000}}));
  CycleFixture f;
  f.config.interval = Duration(interval);
  f.config.kubernetes_metric_specs = std::vector<MetricSpec>(1);
  f.run();
  CHECK(f.kubernetes_metrics.budget.deadline == f.clock.now() + Duration(budget));
}

TEST_CASE("Gatherer: an empty list of specs asks for nothing", "[pipeline]") {
  CycleFixture f;
  f.config.kubernetes_metric_specs = std::vector<MetricSpec>{};
  f.run();
  CHECK(f.kubernetes_metrics.calls == 0);
}
