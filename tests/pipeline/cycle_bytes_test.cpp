#include <catch2/catch.hpp>
#include <latch>
#include <thread>

#include "tests/pipeline/cycle_fixture.h"

using namespace cpab;

namespace {

constexpr std::size_t kibi = 1u << 10;

Resource pod(const std::string& name, std::size_t size = 0) {
  return {name, "",
          R"({"metadata":{"name":")" + name + R"(","pad":")" + std::string(size, 'x') + "\"}}"};
}

/// A cycle that may keep one mebibyte.
struct Tight : CycleFixture {
  Tight() { config.max_cycle_bytes = 1u << 20; }

  /// Checks that the run fails for want of memory, in this stage, and changes nothing.
  std::string check_fails(const std::string& stage, RunType type = RunType::scaler) {
    const CycleResult result = run(type);
    REQUIRE(result.record.failure);
    CHECK(result.record.failure->stage == stage);
    CHECK(result.record.failure->reason == "memory");
    CHECK(result.record.action == Action::failed);
    CHECK(cluster.written.empty());
    return result.record.failure->message;
  }

  void check_scales() {
    CHECK(run().record.action == Action::scaled);
    CHECK(cluster.written == std::vector<std::int32_t>{5});
  }
};

}  // namespace

TEST_CASE("Cycle: metrics of all pods together have a limit, and the largest are named",
          "[pipeline]") {
  Tight f;
  f.config.run_mode = RunMode::per_pod;
  for (const char* name : {"a", "b", "c", "d", "e"}) f.cluster.pods_answer.push_back(pod(name));
  f.config.metric_concurrency = GENERATE(1, 4);
  f.set(f.methods.metric, std::string(300 * kibi, 'x'));

  const std::string message = f.check_fails("metric");

  CHECK_THAT(message,
             Catch::StartsWith("failed to gather metrics: what this cycle keeps in memory, "));
  CHECK_THAT(message, Catch::Contains("is more than maxCycleBytes (1.0 MiB); the largest of ") &&
                          Catch::Contains(": the metric of pod ") &&
                          Catch::Contains(" 300.0 KiB, "));
  f.set(f.methods.metric, "7");
  f.check_scales();
}

TEST_CASE("Cycle: pods, Kubernetes metrics and the target count", "[pipeline]") {
  Tight f;
  SECTION("pods") {
    f.config.run_mode = RunMode::per_pod;
    f.cluster.pods_answer = {pod("a", 600 * kibi), pod("b", 600 * kibi)};
    CHECK_THAT(f.check_fails("pods"), Catch::Contains("more for pods, is more than"));
    f.cluster.pods_answer.clear();
  }
  SECTION("Kubernetes metrics") {
    f.config.kubernetes_metric_specs = {MetricSpec{}};
    f.kubernetes_metrics.answer.metrics = {std::string(600 * kibi, ' '),
                                           std::string(600 * kibi, ' ')};
    CHECK_THAT(f.check_fails("kubernetesMetrics"), Catch::Contains("Kubernetes metrics 600.0 KiB"));
    f.kubernetes_metrics.answer.metrics = {"{}"};
  }
  SECTION("target") {
    const Resource good = f.cluster.target_answer;
    f.cluster.target_answer = pod("shop", 1100 * kibi);
    CHECK_THAT(f.check_fails("target"), Catch::Contains("more for the target"));
    f.cluster.target_answer = good;
  }
  f.check_scales();
}

TEST_CASE("Cycle: what a metric becomes as JSON counts before it is made", "[pipeline]") {
  Tight f;
  f.set(f.methods.metric, std::string(300 * kibi, '\0'));

  CHECK_THAT(f.check_fails("evaluate"), Catch::Contains("1.8 MiB more for the input of evaluate") &&
                                            Catch::Contains("the metric of shop 300.0 KiB"));
  f.set(f.methods.metric, "7");
  f.check_scales();
}

TEST_CASE("Cycle: the input of hooks and what they answer counts", "[pipeline]") {
  Tight f;
  SECTION("answer") {
    f.set(f.methods.pre_metric, std::string(1100 * kibi, 'x'));
    f.check_fails("preMetric");
    f.methods.pre_metric.reset();
  }
  SECTION("input") {
    f.set(f.methods.post_metric, "");
    f.set(f.methods.metric, std::string(600 * kibi, 'x'));
    f.check_fails("postMetric");
    f.set(f.methods.metric, "7");
  }
  f.check_scales();
}

TEST_CASE("Cycle: runs over the API share what they keep, and leave the timer its own",
          "[pipeline]") {
  Tight f;
  std::latch begun(1);
  std::latch go(1);
  std::atomic<bool> first{true};
  f.set(f.methods.metric, std::string(400 * kibi, 'x'));
  f.set(f.methods.evaluate, [&](std::string_view, const std::stop_token&) {
    if (first.exchange(false)) {
      begun.count_down();
      go.wait();
    }
    return std::string(R"({"targetReplicas":5})");
  });
  CycleResult waiting;
  std::jthread other([&] { waiting = f.cycle().dry_run({}); });
  begun.wait();

  const CycleResult refused = f.cycle().dry_run({});
  const CycleResult timer = f.run(RunType::scaler);
  go.count_down();
  other.join();

  REQUIRE(refused.record.failure);
  CHECK(refused.record.failure->reason == "memory");
  CHECK_THAT(refused.record.failure->message,
             Catch::Contains("cycles at the same time hold ") &&
                 Catch::Contains("of the maxCycleBytes (1.0 MiB) that they share"));
  CHECK(timer.record.action == Action::scaled);
  CHECK_FALSE(waiting.record.failure);
  CHECK_FALSE(f.cycle().dry_run({}).record.failure);
  CHECK(f.cycle().api_pool().taken() == 0);
}

TEST_CASE("Cycle: no memory is a failure of the stage, wherever it ends", "[pipeline]") {
  Tight f;
  const auto exhausted = [](std::string_view, const std::stop_token&) -> std::string {
    throw std::bad_alloc();
  };
  std::string stage;
  SECTION("metric") {
    stage = "metric";
    f.set(f.methods.metric, exhausted);
  }
  SECTION("evaluate") {
    stage = "evaluate";
    f.set(f.methods.evaluate, exhausted);
  }
  SECTION("hook") {
    stage = "preScale";
    f.set(f.methods.pre_scale, exhausted);
  }
  SECTION("reading") {
    stage = "target";
    f.cluster.on_read = [] { throw std::bad_alloc(); };
  }
  SECTION("a thread of its own") {
    stage = "metric";
    f.config.run_mode = RunMode::per_pod;
    f.config.metric_concurrency = 3;
    f.cluster.pods_answer = {pod("a"), pod("b"), pod("c")};
    f.set(f.methods.metric, exhausted);
  }

  CHECK_THAT(f.check_fails(stage), Catch::Contains("the system gives cpab no more memory"));

  f.set(f.methods.metric, "7");
  f.set(f.methods.evaluate, R"({"targetReplicas":5})");
  f.methods.pre_scale.reset();
  f.cluster.on_read = nullptr;
  f.check_scales();
}

TEST_CASE("Cycle: words of user logic are cut before they are recorded", "[pipeline]") {
  CycleFixture f;
  f.set(f.methods.evaluate,
        R"({"targetReplicas":5,"reason":")" + std::string(100 * kibi, 'r') + "\"}");

  const CycleResult result = f.run();

  CHECK(result.evaluation->reason == std::string(1024, 'r') + "... (102400 bytes)");
  CHECK(f.log.last()->size() < 6 * kibi);
}
