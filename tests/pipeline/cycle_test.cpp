#include "cpab/pipeline/cycle.h"

#include <catch2/catch.hpp>
#include <future>
#include <latch>

#include "tests/pipeline/cycle_fixture.h"

using namespace cpab;
using namespace std::chrono_literals;

TEST_CASE("Cycle: gathers, evaluates, scales, and says so", "[pipeline][contract-41]") {
  CycleFixture f;

  const CycleResult result = f.run();

  CHECK(f.cluster.written == std::vector<std::int32_t>{5});
  CHECK(f.cluster.reads == 2);
  CHECK(result.record.action == Action::scaled);
  CHECK(result.record.current_replicas == 3);
  CHECK(result.record.desired_replicas == 5);
  CHECK(result.record.metrics == std::vector<Metric>{{"shop", "7"}});
  CHECK(result.record.evaluation == Evaluation{5, ""});
  CHECK(result.record.message == "scaled 3 -> 5: evaluation asked for 5");
  CHECK(result.record.id == 1);
}

TEST_CASE("Cycle: stages run in the order of the contract", "[pipeline]") {
  CycleFixture f;
  f.trace_all_stages();

  f.run();

  CHECK(f.order == std::vector<std::string>{"preMetric", "metric", "postMetric", "preEvaluate",
                                            "evaluate", "postEvaluate", "preScale", "postScale"});
}

TEST_CASE("Cycle: without a change nothing is written, both hooks run", "[pipeline][contract-58]") {
  CycleFixture f;
  f.cluster.scale_answer.spec_replicas = 5;
  f.trace_all_stages();

  const CycleResult result = f.run();

  CHECK(f.cluster.written.empty());
  CHECK(result.record.action == Action::unchanged);
  CHECK(result.record.message == "keeping 5: evaluation asked for 5");
  CHECK(std::vector<std::string>(f.order.end() - 2, f.order.end()) ==
        std::vector<std::string>{"preScale", "postScale"});
}

TEST_CASE("Cycle: a disabled target is neither written nor given to hooks",
          "[pipeline][contract-57]") {
  CycleFixture f;
  f.cluster.scale_answer.spec_replicas = std::nullopt;
  f.trace_all_stages();

  const CycleResult result = f.run(RunType::api);

  CHECK(f.cluster.written.empty());
  CHECK(result.record.action == Action::disabled);
  CHECK(result.record.desired_replicas == 0);
  CHECK(f.order.empty());
}

TEST_CASE("Cycle: a target that is switched off fails no cycle, whatever is broken", "[pipeline]") {
  CycleFixture f;
  f.cluster.scale_answer.spec_replicas = 0;
  f.fail(f.methods.metric);

  const DecisionRecord record = f.run().record;
  CHECK_FALSE(record.failure);
  CHECK_FALSE(record.evaluation);
  CHECK(record.metric_count == 0);
  CHECK(record.message ==
        "keeping 0: autoscaling is disabled while the target has 0 replicas and minReplicas is 1");

  // A dry run is how user logic is tried out.
  CHECK(f.cycle().dry_run({}).record.failure.value().stage == "metric");
}

TEST_CASE("Cycle: a count above maxReplicas needs no metric with parity, and stays without",
          "[pipeline]") {
  CycleFixture f;
  f.cluster.scale_answer.spec_replicas = 12;
  f.config.bounds = {1, 8};
  f.config.evaluate = MethodConfig{.type = "hpa"};
  f.fail(f.methods.metric);
  ScriptedMethod& pre_scale = f.set(f.methods.pre_scale, "");
  SECTION("with parity") {
    f.config.parity = Parity::current;
    const DecisionRecord record = f.run().record;
    CHECK(record.message == "scaled 12 -> 8: the current count is above maxReplicas, which is 8");
    CHECK(f.cluster.written == std::vector<std::int32_t>{8});
    CHECK(pre_scale.inputs().at(0).find(R"("targetReplicas":12,"currentReplicas":12)") !=
          std::string::npos);
  }
  SECTION("without") {
    CHECK(f.run().record.failure.value().stage == "metric");
    CHECK(f.cluster.written.empty());
  }
}

TEST_CASE("Cycle: each failing hook or stage ends the run where it stands",
          "[pipeline][contract-46]") {
  struct Row {
    std::unique_ptr<Method> StageMethods::*slot;
    std::string stage;
    std::string message;
    std::string log_message;
    std::size_t stages_before;
  };
  const auto row = GENERATE(values<Row>({
      {&StageMethods::pre_metric, "preMetric", "failed to run pre-metric hook: exit status 1",
       "failed to get metrics: ", 0},
      {&StageMethods::metric, "metric", "failed to gather metrics: exit status 1",
       "failed to get metrics: ", 1},
      {&StageMethods::post_metric, "postMetric", "failed to run post-metric hook: exit status 1",
       "failed to get metrics: ", 2},
      {&StageMethods::pre_evaluate, "preEvaluate", "failed run pre-evaluate hook: exit status 1",
       "failed get evaluation: ", 3},
      {&StageMethods::evaluate, "evaluate", "failed to get evaluation: exit status 1",
       "failed get evaluation: ", 4},
      {&StageMethods::post_evaluate, "postEvaluate", "failed run post-evaluate hook: exit status 1",
       "failed get evaluation: ", 5},
      {&StageMethods::pre_scale, "preScale", "failed run pre-scaling hook: exit status 1",
       "failed to scale resource: ", 6},
  }));
  CAPTURE(row.stage);
  CycleFixture f;
  f.trace_all_stages();
  f.fail(f.methods.*(row.slot));

  const CycleResult result = f.run();

  CHECK(f.cluster.written.empty());
  CHECK(f.order.size() == row.stages_before);
  CHECK(result.record.action == Action::failed);
  CHECK(result.record.failure ==
        Failure{row.stage, "exit", row.message, "some output", "some complaint"});
  CHECK(result.record.message == row.stage + " failed: " + row.message + "; keeping 3");
}

TEST_CASE("Cycle: a failing postScale is reported although the patch has happened",
          "[pipeline][contract-46][contract-61]") {
  CycleFixture f;
  f.fail(f.methods.post_scale);

  const CycleResult result = f.run(RunType::api);

  CHECK(f.cluster.written == std::vector<std::int32_t>{5});
  CHECK(result.record.action == Action::scaled);
  CHECK(result.record.failure.value().message == "failed to run post-scaling hook: exit status 1");
  CHECK(result.record.message ==
        "scaled 3 -> 5: evaluation asked for 5, but then postScale failed: failed to run "
        "post-scaling hook: exit status 1");
}

TEST_CASE("Cycle: a failing preScale prevents the patch", "[pipeline][contract-61]") {
  CycleFixture f;
  f.fail(f.methods.pre_scale);

  const CycleResult result = f.run();

  CHECK(f.cluster.written.empty());
  CHECK(result.record.action == Action::failed);
  CHECK(result.record.desired_replicas == 5);
}

TEST_CASE("Cycle: a refused patch names the refusal", "[pipeline][contract-60]") {
  CycleFixture f;
  f.cluster.patch_error = KubernetesError(403, "deployments.apps \"shop\" is forbidden");

  const CycleResult result = f.run();

  CHECK(result.record.action == Action::failed);
  CHECK(result.record.failure.value().message ==
        "failed to apply scaling changes to resource: deployments.apps \"shop\" is forbidden");
}

TEST_CASE("Cycle: an unusable evaluation changes nothing", "[pipeline][contract-48]") {
  CycleFixture f;
  f.set(f.methods.evaluate, "{}");

  const CycleResult result = f.run();

  CHECK(f.cluster.written.empty());
  CHECK(result.record.failure.value().reason == "invalid_evaluation");
  CHECK(result.record.failure.value().message ==
        "failed to parse JSON evaluation, got '{}': targetReplicas is missing");
}

TEST_CASE("Cycle: failures at the API server keep the count", "[pipeline][contract-65]") {
  CycleFixture f;
  SECTION("target") {
    f.cluster.target_error = KubernetesError(404, "not found");
    CHECK(f.run().record.failure.value().message == "not found");
  }
  SECTION("scale") {
    f.cluster.scale_error = KubernetesError(404, "not found");
    CHECK(f.run().record.failure.value().message ==
          "failed to get scale subresource for resource: not found");
  }
  SECTION("pods") {
    f.config.run_mode = RunMode::per_pod;
    f.cluster.pods_error = KubernetesError(403, "forbidden");
    CHECK(f.run().record.failure.value().message == "failed to get pods being managed: forbidden");
  }
  CHECK(f.cluster.written.empty());
}

TEST_CASE("Cycle: a count changed by somebody else meanwhile is left alone", "[pipeline]") {
  CycleFixture f;
  f.cluster.changed_meanwhile = 9;
  ScriptedMethod& post_scale = f.set(f.methods.post_scale, "");

  const CycleResult result = f.run(RunType::api);

  CHECK(result.record.action == Action::held);
  CHECK_FALSE(result.record.failure.has_value());
  CHECK(result.record.desired_replicas == 9);
  CHECK(result.record.limited_by == "conflict");
  CHECK(result.record.message ==
        "wanted 5, keeping 9: somebody else changed the replicas from 3 to 9 meanwhile");
  CHECK(post_scale.inputs().empty());
}

TEST_CASE("Cycle: what is wanted is wanted since it was measured", "[pipeline]") {
  CycleFixture f;
  f.config.downscale_stabilization = std::chrono::seconds(60);
  const TimePoint begin = f.clock.now();
  f.set(f.methods.metric, [&](std::string_view, const std::stop_token&) {
    f.clock.advance(Duration(7'000));
    return std::string("7");
  });
  f.set(f.methods.evaluate, [&](std::string_view, const std::stop_token&) {
    f.clock.advance(Duration(20'000));
    return std::string(R"({"targetReplicas":5})");
  });

  const CycleResult result = f.run();

  CHECK(result.record.measured_at == result.record.time + Duration(7'000));
  const RecommendationHistory history = f.cycle().memory().recommendations("uid-1");
  CHECK(history.entries().back() == Recommendation{begin + Duration(7'000), 5});
}

TEST_CASE("Cycle: what the API server answers to a write is what came of it", "[pipeline]") {
  CycleFixture f;
  const std::int32_t answer = GENERATE(3, 4);
  f.cluster.patch_answer = answer;
  ScriptedMethod& post_scale = f.set(f.methods.post_scale, "");

  const CycleResult result = f.run();

  CHECK(f.cluster.written == std::vector<std::int32_t>{5});
  CHECK(result.record.action == Action::held);
  CHECK_FALSE(result.record.failure.has_value());
  CHECK(result.record.desired_replicas == answer);
  CHECK(result.record.limited_by == "answer");
  CHECK(result.record.message == "wanted 5, keeping " + std::to_string(answer) +
                                     ": asked for 5 replicas, the API server answered " +
                                     std::to_string(answer) +
                                     "; see which admission webhook changes what is written");
  CHECK(post_scale.inputs().empty());
}

TEST_CASE("Cycle: hold keeps what is there, without scale hooks", "[pipeline]") {
  CycleFixture f;
  f.set(f.methods.evaluate, R"({"hold":true,"reason":"no data"})");
  ScriptedMethod& pre_scale = f.set(f.methods.pre_scale, "");

  const CycleResult result = f.run();

  CHECK(result.record.action == Action::held);
  CHECK(result.record.desired_replicas == 3);
  CHECK(result.record.message == "keeping 3: evaluation asked to hold (no data)");
  CHECK(pre_scale.inputs().empty());
  CHECK(f.cluster.written.empty());
}

TEST_CASE("Cycle: scale hooks see the raw and the final count in every kind of run",
          "[pipeline][contract-63]") {
  const auto type = GENERATE(RunType::scaler, RunType::api);
  CycleFixture f;
  f.set(f.methods.evaluate, R"({"targetReplicas":50})");
  ScriptedMethod& pre_scale = f.set(f.methods.pre_scale, "");
  ScriptedMethod& post_scale = f.set(f.methods.post_scale, "");

  f.run(type);

  const std::string expected =
      R"({"evaluation":{"targetReplicas":10},"resource":)" + f.cluster.target_answer.json +
      R"(,"scaleTargetRef":{"kind":"Deployment","name":"shop","apiVersion":"apps/v1"},)"
      R"("namespace":"prod","minReplicas":1,"maxReplicas":10,"targetReplicas":50,)"
      R"("currentReplicas":3,"runType":")" +
      std::string(to_string(type)) + "\"}";
  CHECK(pre_scale.inputs() == std::vector<std::string>{expected});
  CHECK(post_scale.inputs() == pre_scale.inputs());
}

TEST_CASE("Cycle: a dry run decides everything and touches nothing", "[pipeline][contract-68]") {
  CycleFixture f;
  f.config.downscale_stabilization = 60s;
  f.set(f.methods.evaluate, R"({"targetReplicas":50})");
  ScriptedMethod& pre_scale = f.set(f.methods.pre_scale, "");

  const CycleResult result = f.cycle().dry_run({});

  CHECK(result.evaluation == Evaluation{50, ""});
  CHECK(result.record.desired_replicas == 10);
  CHECK(result.record.message == "wanted 50, would scale 3 -> 10: maxReplicas is 10");
  CHECK(result.record.id == 0);
  CHECK(f.log.find({}).empty());
  CHECK(f.cluster.written.empty());
  CHECK(pre_scale.inputs().empty());

  // Had the dry run been remembered, this would be held at 10.
  f.set(f.methods.evaluate, R"({"targetReplicas":4})");
  CHECK(f.run().record.desired_replicas == 4);
}

TEST_CASE("Cycle: the stabilization window spans timer and API runs", "[pipeline]") {
  CycleFixture f;
  f.config.downscale_stabilization = 60s;
  f.run(RunType::scaler);
  f.set(f.methods.evaluate, R"({"targetReplicas":2})");
  f.clock.advance(59s);

  CHECK(f.run(RunType::api).record.limited_by == "stabilization");
  f.clock.advance(1s);
  CHECK(f.run(RunType::api).record.desired_replicas == 2);
}

TEST_CASE("Cycle: a recreated target starts with a history of its own", "[pipeline]") {
  CycleFixture f;
  f.config.downscale_stabilization = 600s;
  f.set(f.methods.evaluate, R"({"targetReplicas":8})");
  f.run();
  f.cluster.target_answer.uid = "uid-2";
  f.cluster.scale_answer.spec_replicas = 3;
  f.set(f.methods.evaluate, R"({"targetReplicas":1})");

  CHECK(f.run().record.desired_replicas == 3);
}

TEST_CASE("Cycle: after a shutdown nothing is written", "[pipeline][contract-66]") {
  CycleFixture f;
  f.shutdown.request_stop();

  const CycleResult result = f.run(RunType::api);

  CHECK(f.cluster.written.empty());
  CHECK(result.record.action == Action::failed);
  CHECK(result.record.failure.value().reason == "stopped");
}

TEST_CASE("Cycle: runs that may scale never overlap, dry runs may", "[pipeline]") {
  CycleFixture f;
  std::latch first_inside(1);
  std::promise<void> let_go;
  std::shared_future<void> go = let_go.get_future().share();
  std::atomic<int> inside{0};
  std::atomic<int> most_inside{0};
  f.set(f.methods.metric, [&](std::string_view input, const std::stop_token&) -> std::string {
    if (input.find("api_dry_run") != std::string_view::npos) return "7";
    most_inside = std::max(most_inside.load(), ++inside);
    if (most_inside == 1 && inside == 1 && first_inside.try_wait() == false) {
      first_inside.count_down();
      go.wait();
    }
    --inside;
    return "7";
  });
  f.cycle();
  auto first = std::async(std::launch::async, [&] { return f.run(RunType::scaler); });
  first_inside.wait();
  auto second = std::async(std::launch::async, [&] { return f.run(RunType::api); });

  const CycleResult dry = f.cycle().dry_run({});
  let_go.set_value();
  first.get();
  second.get();

  CHECK(dry.evaluation == Evaluation{5, ""});
  CHECK(most_inside == 1);
}

TEST_CASE("Cycle: a run waiting for its turn gives up when stopped", "[pipeline]") {
  CycleFixture f;
  std::latch inside(1);
  std::promise<void> let_go;
  f.set(f.methods.metric, [&](std::string_view, const std::stop_token&) -> std::string {
    inside.count_down();
    let_go.get_future().wait();
    return "7";
  });
  f.cycle();
  auto first = std::async(std::launch::async, [&] { return f.cycle().run(RunType::scaler, {}); });
  inside.wait();
  f.stop.request_stop();

  const CycleResult waiting = f.run(RunType::api);
  let_go.set_value();
  first.get();

  CHECK(waiting.record.failure.value().reason == "stopped");
}

TEST_CASE("Cycle: a request to the API server that stopping cuts short is no failure of it",
          "[pipeline][contract-66]") {
  CycleFixture f;
  f.cluster.scale_error = KubernetesError(0, "stopped");
  f.stop.request_stop();

  CHECK(f.run().record.failure.value().reason == "stopped");
}

TEST_CASE("Cycle: only so much of the metrics is recorded", "[pipeline]") {
  CycleFixture f;
  f.config.run_mode = RunMode::per_pod;
  f.cluster.pods_answer.assign(100, {"pod", "", "{}"});
  f.set(f.methods.metric, std::string(10'000, 'x'));

  const CycleResult result = f.run();

  CHECK(result.record.metric_count == 100);
  CHECK(result.record.metrics.size() == 20);
  CHECK(result.record.metrics.front().value.size() == 256);
}

TEST_CASE("Cycle: a recorded metric does not end within a character", "[pipeline]") {
  CycleFixture f;
  f.set(f.methods.metric, std::string(255, 'x') + "\xC3\xA9");

  CHECK(f.run().record.metrics.front().value == std::string(255, 'x'));
}

TEST_CASE("Cycle: the target counts as seen once it and its scale were read", "[pipeline]") {
  CycleFixture f;
  f.cluster.scale_error = KubernetesError(404, "not found");
  CHECK_THROWS_AS(f.cycle().probe({}), StageError);
  CHECK_FALSE(f.cycle().target_seen());
  f.cluster.scale_error.reset();
  f.cycle().probe({});
  CHECK(f.cycle().target_seen());
}

TEST_CASE("Cycle: the target is read for user logic only, its scale says enough", "[pipeline]") {
  struct Row {
    bool hook;
    std::string uid;
    int reads;
  };
  const auto row = GENERATE(values<Row>({{false, "uid-1", 1}, {true, "uid-1", 2}, {false, "", 2}}));
  CycleFixture f;
  f.config.metric = MethodConfig{.type = "kubernetes"};
  f.config.evaluate = MethodConfig{.type = "hpa"};
  if (row.hook) f.config.post_scale = MethodConfig{.type = "shell"};
  f.cluster.scale_answer.uid = row.uid;
  ScriptedMethod& metric = f.set(f.methods.metric, "7");

  const CycleResult result = f.run();

  CHECK(f.cluster.reads == row.reads);
  CHECK(f.cycle().target_seen());
  CHECK(result.record.target_uid == "uid-1");
  CHECK(result.record.metrics == std::vector<Metric>{{"shop", "7"}});
  CHECK(result.record.action == Action::scaled);
  const std::string shown = row.reads == 1 ? R"({"resource":{},)" : R"({"resource":{"apiVersion")";
  CHECK_THAT(metric.inputs().at(0), Catch::StartsWith(shown));
}

TEST_CASE("Cycle: the observer is told of each run that is in the log", "[pipeline]") {
  CycleFixture f;
  const CycleResult scaled = f.run();
  f.cycle().dry_run(f.stop.get_token());
  f.fail(f.methods.metric);
  const CycleResult failed = f.run(RunType::api);
  CHECK(f.observed == std::vector<DecisionRecord>{scaled.record, failed.record});
}
