#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cpab/io/manual_clock.h"
#include "cpab/pipeline/cycle.h"
#include "tests/fakes/scripted_cluster.h"
#include "tests/fakes/scripted_method.h"

namespace cpab {

/// A cycle over fakes. Change config and cluster first, then call cycle().
struct CycleFixture {
  CycleFixture() {
    config.target = {"apps/v1", "Deployment", "shop", "prod"};
    config.run_mode = RunMode::per_resource;
    set(methods.metric, "7");
    set(methods.evaluate, R"({"targetReplicas":5})");
  }

  /// Puts a method with this answer in place and returns it.
  ScriptedMethod& set(std::unique_ptr<Method>& slot, std::string answer) {
    return place(slot, std::make_unique<ScriptedMethod>(std::move(answer)));
  }
  ScriptedMethod& set(std::unique_ptr<Method>& slot, ScriptedMethod::Answer answer) {
    return place(slot, std::make_unique<ScriptedMethod>(std::move(answer)));
  }
  void fail(std::unique_ptr<Method>& slot) {
    slot = std::make_unique<ScriptedMethod>(ScriptedMethod::failing());
  }

  /// Notes the name of each stage that runs, in all hooks and stages.
  void trace_all_stages() {
    const auto traced = [this](const char* name, std::string answer) {
      return [this, name, answer](std::string_view, std::stop_token) {
        order.emplace_back(name);
        return answer;
      };
    };
    set(methods.pre_metric, traced("preMetric", "x"));
    set(methods.metric, traced("metric", "7"));
    set(methods.post_metric, traced("postMetric", "x"));
    set(methods.pre_evaluate, traced("preEvaluate", "x"));
    set(methods.evaluate, traced("evaluate", R"({"targetReplicas":5})"));
    set(methods.post_evaluate, traced("postEvaluate", "x"));
    set(methods.pre_scale, traced("preScale", "x"));
    set(methods.post_scale, traced("postScale", "x"));
  }

  Cycle& cycle() {
    if (!cycle_) {
      cycle_ = std::make_unique<Cycle>(
          config,
          CycleParts{cluster, kubernetes_metrics, methods, clock, log, heartbeat,
                     [this](const DecisionRecord& record) {
                       const std::lock_guard lock(observed_mutex_);
                       observed.push_back(record);
                     }},
          shutdown.get_token());
    }
    return *cycle_;
  }

  CycleResult run(RunType type = RunType::scaler) { return cycle().run(type, stop.get_token()); }

  Config config;
  ScriptedCluster cluster;
  ScriptedKubernetesMetrics kubernetes_metrics;
  StageMethods methods;
  ManualClock clock;
  DecisionLog log;
  Heartbeat heartbeat;
  std::stop_source shutdown;
  std::stop_source stop;
  std::vector<std::string> order;
  std::vector<DecisionRecord> observed;

 private:
  static ScriptedMethod& place(std::unique_ptr<Method>& slot,
                               std::unique_ptr<ScriptedMethod> method) {
    ScriptedMethod& placed = *method;
    slot = std::move(method);
    return placed;
  }

  std::mutex observed_mutex_;  // runs may end at the same time
  std::unique_ptr<Cycle> cycle_;
};

}  // namespace cpab
