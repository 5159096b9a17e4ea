#include "cpab/backtest/replay.h"

#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>

#include "cpab/backtest/backlog.h"
#include "cpab/backtest/replay_clock.h"
#include "cpab/backtest/service.h"
#include "cpab/backtest/service_level.h"
#include "cpab/backtest/surroundings.h"
#include "cpab/io/posix_process_runner.h"
#include "cpab/io/system_clock.h"
#include "cpab/kubernetes/kubernetes_client.h"
#include "cpab/methods/registry.h"
#include "cpab/pipeline/configured_methods.h"
#include "cpab/pipeline/cycle.h"
#include "cpab/pipeline/loop.h"
#include "cpab/simulation/in_process_http_client.h"
#include "cpab/simulation/simulated_api_server.h"
#include "cpab/simulation/simulated_cluster.h"

namespace cpab {
namespace {

SimulationOptions cluster_options(const Scenario& scenario) {
  SimulationOptions options;
  options.pod_start_time = std::min(scenario.startup_time, Duration(1'000));
  options.pod_ready_time = scenario.startup_time - options.pod_start_time;
  options.pod_ready_extra = scenario.startup_extra;
  options.pod_stop_time = scenario.shutdown_time;
  options.history_length = 10;
  options.seed = scenario.seed;
  options.cpu_millicores_per_load = 1000 * scenario.cpu_at_capacity / scenario.capacity_per_replica;
  return options;
}

/// The target is older than the scenario: its first replicas are ready, and have been for longer
/// than an HPA takes pods for new.
Duration lead(const Scenario& scenario) {
  return scenario.startup_time + longest(scenario.startup_extra) + std::chrono::minutes(10);
}

/// In [0, 1), for the pauses before requests are tried again.
std::function<double()> seeded_random(std::uint64_t seed) {
  return [engine = std::mt19937_64(seed)]() mutable {
    return static_cast<double>(engine() >> 11) / 9007199254740992.0;
  };
}

Credentials cluster_credentials() {
  Credentials credentials;
  credentials.server = InProcessHttpClient::url;
  return credentials;
}

/// Without what reaches beyond scaling.
Config for_replay(Config config) {
  config.api.enabled = false;
  config.decision_log.clear();
  config.state_file.clear();
  config.events = false;
  config.mode = Mode::active;
  return config;
}

std::vector<Duration> times_of(const std::vector<ScenarioRollout>& rollouts) {
  std::vector<Duration> times;
  times.reserve(rollouts.size());
  for (const ScenarioRollout& rollout : rollouts) times.push_back(rollout.at);
  std::sort(times.begin(), times.end());
  return times;
}

class Replay {
 public:
  Replay(Config config, const Scenario& scenario, const std::function<void(double)>& progress)
      : config_(for_replay(std::move(config))),
        scenario_(scenario),
        progress_(progress),
        clock_(scenario.start, lead(scenario), scenario.sample_interval, [this] { sample(); }),
        start_(clock_.now() + lead(scenario)),
        end_(start_ + scenario.length),
        cluster_(clock_, cluster_options(scenario)),
        http_(cluster_, clock_),
        kubernetes_(
            cluster_credentials(), http_, clock_, config_.kubernetes_timeout,
            {config_.cpu_initialization_period, config_.initial_readiness_delay},
            [](const RestTry&) {}, seeded_random(scenario.seed), 1),  // the clock is for one thread
        processes_(real_clock_),
        surroundings_(scenario, cluster_, processes_),
        backlog_(scenario.capacity_per_replica),
        methods_(make_stage_methods(config_,
                                    builtin_methods({.processes = processes_,
                                                     .clock = real_clock_,
                                                     .max_output_bytes = config_.max_output_bytes,
                                                     .behavior = config_.behavior,
                                                     .parity = config_.parity,
                                                     .max_sample_age = config_.max_sample_age,
                                                     .sample_clock = &clock_}))),
        rollouts_(times_of(scenario.rollouts)) {
    if (!rollouts_.empty() && config_.target.kind != "Deployment") {
      throw std::invalid_argument("rollouts are of Deployments, and the target is a " +
                                  config_.target.kind + "; leave them out of the scenario");
    }
    add_target();
    if (has_user_logic(config_) || !scenario.services.empty()) serve_to_programs();
  }

  ReplayResult run(const std::stop_token& stop) {
    const std::stop_callback on_stop(stop, [this] { over_.request_stop(); });
    Cycle cycle(config_,
                {.cluster = kubernetes_.cluster(),
                 .kubernetes_metrics = kubernetes_.metrics(),
                 .methods = methods_,
                 .clock = clock_,
                 .log = log_,
                 .heartbeat = heartbeat_,
                 .observer = [this](const DecisionRecord& record) { note(record); }},
                over_.get_token());
    start_services();
    if (!clock_.wait_until(start_, over_.get_token())) return {};
    run_loop({.interval = config_.interval, .start_time = config_.start_time}, clock_, heartbeat_,
             over_.get_token(), [&](const LoopTick&) {
               if (clock_.now() > end_) return static_cast<void>(over_.request_stop());
               for (const auto& service : services_) service->check();
               tell_programs_the_time();
               set_faults();
               begin_rollouts();
               show_world();
               cycle.run(RunType::scaler, over_.get_token());
             });
    return std::move(result_);
  }

 private:
  void add_target() {
    WorkloadOptions workload;
    workload.kind = config_.target.kind;
    workload.namespace_name = config_.target.namespace_name;
    workload.name = config_.target.name;
    workload.replicas = scenario_.replicas;
    workload.cpu_request = scenario_.cpu_request;
    workload.load = [curve = load_curve(scenario_.load), before = lead(scenario_)](Duration time) {
      return curve(std::max(time - before, Duration(0)));
    };
    target_ = cluster_.add_workload(workload);
    surroundings_.set_target(target_);
    for (const ScenarioMetric& metric : scenario_.external_metrics) {
      cluster_.set_metric({workload.namespace_name, "", "", metric.name},
                          {metric.labels, metric.value});
    }
  }

  void serve_to_programs() {
    server_ = std::make_unique<SimulatedApiServer>(cluster_, SimulatedApiServerOptions{});
    processes_.set_variable("CPAB_SIMULATED_CLUSTER", server_->url());
    surroundings_.set_environment(server_->url());
  }

  void start_services() {
    for (ScenarioService service : scenario_.services) {
      for (auto& [name, value] : service.environment) value = surroundings_.filled(value);
      service.ready = surroundings_.filled(service.ready);
      services_.push_back(std::make_unique<Service>(std::move(service)));
    }
    for (const auto& service : services_) {
      service->wait_until_ready([this] {
        progress_(0);
        return !over_.stop_requested();
      });
    }
  }

  void tell_programs_the_time() {
    if (!server_) return;
    processes_.set_variable("CPAB_SIMULATED_TIME", rfc3339_seconds(clock_.wall_now()));
  }

  /// Those of this moment, for a whole cycle.
  void set_faults() {
    http_.faults().clear();
    in_fault_ = has_fault("api") || has_fault("metrics") || has_fault("shows");
    if (has_fault("api")) http_.faults().add({.status = 503});
    if (has_fault("metrics")) {
      http_.faults().add({.path_contains = "metrics.k8s.io", .status = 503});
    }
  }

  /// Those that are due.
  void begin_rollouts() {
    const Duration now = clock_.wall_now() - scenario_.start;
    for (; rollouts_begun_ < rollouts_.size() && rollouts_[rollouts_begun_] <= now;
         ++rollouts_begun_) {
      cluster_.merge_patch(
          target_,
          R"({"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":")" +
              rfc3339_seconds(scenario_.start + rollouts_[rollouts_begun_]) + "\"}}}}}");
    }
  }

  bool has_fault(std::string_view what) const {
    const Duration now = clock_.wall_now() - scenario_.start;
    return std::any_of(
        scenario_.faults.begin(), scenario_.faults.end(), [&](const ScenarioFault& fault) {
          return fault.what == what && now >= fault.at && now < fault.at + fault.lasts;
        });
  }

  void show_world() {
    if (scenario_.shows.empty()) return;
    const WorldMoment moment = world_now();
    surroundings_.show(has_fault("shows") ? std::nullopt : std::optional(moment));
  }

  WorldMoment world_now() {
    const Load load = cluster_.load(target_);
    backlog_.look(clock_.now(), load.total, load.ready_pods);
    return {load.total, load.ready_pods, scenario_.capacity_per_replica, backlog_.waiting()};
  }

  void sample() {
    if (clock_.now() > end_) return;
    begin_rollouts();
    const WorkloadView view = cluster_.view(target_);
    const double load = world_now().load;
    result_.timeline.push_back({.time = clock_.wall_now(),
                                .load = load,
                                .wanted = view.wanted,
                                .pods = view.pods,
                                .ready = view.ready,
                                .needed = needed_replicas(scenario_, load),
                                .served = is_served(scenario_, load, view.ready)});
    const auto done = std::chrono::duration<double>(clock_.wall_now() - scenario_.start);
    progress_(done / std::chrono::duration<double>(scenario_.length));
  }

  void note(const DecisionRecord& record) {
    ++result_.cycles.all;
    if (record.failure) ++result_.cycles.failed;
    if (record.failure && !in_fault_) ++result_.cycles.failed_without_fault;
    if (record.action == Action::held) ++result_.cycles.held;
    if (record.action == Action::scaled) ++result_.cycles.scaled;
    result_.decisions.push_back(record);
  }

  const Config config_;
  const Scenario& scenario_;
  const std::function<void(double)>& progress_;
  SystemClock real_clock_;
  ReplayClock clock_;
  const TimePoint start_;
  const TimePoint end_;
  SimulatedCluster cluster_;
  ScaleTarget target_;
  InProcessHttpClient http_;
  KubernetesClient kubernetes_;
  PosixProcessRunner processes_;
  Surroundings surroundings_;
  Backlog backlog_;
  StageMethods methods_;
  std::unique_ptr<SimulatedApiServer> server_;
  std::vector<std::unique_ptr<Service>> services_;
  DecisionLog log_;
  Heartbeat heartbeat_;
  std::stop_source over_;
  const std::vector<Duration> rollouts_;  // in their order
  std::size_t rollouts_begun_ = 0;
  bool in_fault_ = false;  // as the cycle began
  ReplayResult result_;
};

}  // namespace

ReplayResult replay(Config config, const Scenario& scenario,
                    const std::function<void(double)>& progress, const std::stop_token& stop) {
  return Replay(std::move(config), scenario, progress).run(stop);
}

}  // namespace cpab
