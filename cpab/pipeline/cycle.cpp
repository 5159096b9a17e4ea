#include "cpab/pipeline/cycle.h"

#include <algorithm>

#include "cpab/config/hpa_tolerance.h"
#include "cpab/config/secrets.h"
#include "cpab/io/logging.h"
#include "cpab/kubernetes/kept_bytes.h"
#include "cpab/model/utf8.h"
#include "cpab/pipeline/configured_methods.h"
#include "cpab/pipeline/evaluator.h"

namespace cpab {
namespace {

constexpr std::size_t recorded_metrics = 20;
constexpr std::size_t recorded_metric_bytes = 256;

Duration longest_method(const Config& config) {
  Duration longest{0};
  for (const auto& method :
       {config.pre_metric, config.metric, config.post_metric, config.pre_evaluate, config.evaluate,
        config.post_evaluate, config.pre_scale, config.post_scale}) {
    if (method) longest = std::max(longest, method->timeout);
  }
  return longest;
}

// Retrying goes on until the next cycle is due: long enough for one call to time out, short enough
// not to hold an API caller for minutes when the interval is long.
Duration kubernetes_budget(const Config& config) {
  constexpr Duration longest{60'000};
  return std::max(config.kubernetes_timeout, std::min(config.interval, longest));
}

// What takes longer is no longer of now; and the rest of the interval is for what is made of it.
Duration metrics_budget(const Config& config) {
  constexpr Duration shortest{1'000};
  constexpr Duration longest{30'000};
  return std::clamp(config.interval / 2, shortest, longest);
}

bool is_all_our_own(const Config& config) {
  return config.measured_by_kubernetes() && config.evaluated_as_hpa() && !has_user_logic(config);
}

/// Whoever is to use the formula of the HPA needs all that goes into it.
MetricDetail metric_detail(const Config& config) {
  const bool formula = config.measured_by_kubernetes() || config.evaluated_as_hpa();
  return formula ? MetricDetail::complete : MetricDetail::reference;
}

/// None when anybody else is told of the metrics.
std::optional<Tolerance> formula_tolerance(const Config& config) {
  const bool alone = config.measured_by_kubernetes() && config.evaluated_as_hpa() &&
                     !config.pre_metric && !config.post_metric;
  if (!alone) return std::nullopt;
  return hpa_tolerance(*config.evaluate, config.behavior);
}

GathererSettings gatherer_settings(const Config& config) {
  return {.target = config.target,
          .run_mode = config.run_mode,
          .metric_concurrency = config.metric_concurrency,
          .kubernetes_metric_specs = config.kubernetes_metric_specs,
          .require_kubernetes_metrics = config.require_kubernetes_metrics,
          .metric_detail = metric_detail(config),
          .parity = config.evaluated_as_hpa() ? config.parity : Parity::current,
          .formula_tolerance = formula_tolerance(config)};
}

/// As far back as recommendations matter, whichever way.
std::chrono::seconds longest_window(const Config& config) {
  const std::chrono::seconds down = config.downscale_stabilization;
  if (!config.behavior) return down;
  return std::max(down, config.behavior->scale_up.stabilization_window.value_or(down));
}

CycleMemory::Settings memory_settings(const Config& config) {
  return {.target = config.target,
          .bounds = config.bounds,
          .window = longest_window(config),
          .behavior = config.behavior,
          .parity = config.parity,
          .mode = config.mode,
          .path = config.state_file};
}

ScalingRules scaling_rules(const Config& config) {
  return {.bounds = config.bounds,
          .downscale_stabilization = config.downscale_stabilization,
          .behavior = config.behavior,
          .as_hpa = config.evaluated_as_hpa(),
          .parity = config.parity,
          .steps = config.steps};
}

void note_metrics(DecisionRecord& record, const std::vector<Metric>& metrics) {
  record.metric_count = metrics.size();
  for (std::size_t i = 0; i < std::min(metrics.size(), recorded_metrics); ++i) {
    record.metrics.push_back({std::string(utf8_prefix(metrics[i].resource, recorded_metric_bytes)),
                              std::string(utf8_prefix(metrics[i].value, recorded_metric_bytes))});
  }
}

void note_decision(CycleResult& result, const Decision& decision, Tense tense) {
  DecisionRecord& record = result.record;
  record.steps = decision.steps;
  record.limited_by = decision.limited_by;
  record.desired_replicas = decision.replicas;
  record.action = decision.action;
  record.message = describe(decision, *record.current_replicas, result.evaluation, tense);
}

void note_failure(DecisionRecord& record, const StageError& error) {
  record.failure = {.stage = std::string(to_string(error.stage)),
                    .reason = error.reason,
                    .message = error.what(),
                    .out = error.out,
                    .err = error.err};
  const std::string what = std::string(to_string(error.stage)) + " failed: " + error.what();
  if (record.action == Action::scaled) {
    record.message += ", but then " + what;
    return;
  }
  record.action = Action::failed;
  record.message = what;
  if (record.current_replicas) {
    record.message += "; keeping " + std::to_string(*record.current_replicas);
  }
}

/// How `work` failed, if it did. What is thrown between two stages counts as the decision's.
template <typename Work>
std::optional<StageError> failure_of(Work work) {
  try {
    work();
    return std::nullopt;
  } catch (...) {
    return stage_error(Stage::decide);
  }
}

// Being told to stop is no failure that anybody has to look at.
void log_failure(const StageError& error) {
  if (error.reason == "stopped") return log_info("The cycle was ended: cpab is stopping");
  log_error("Error while autoscaling: " + error.log_message());
}

}  // namespace

/// Holds the right to scale; waits for it in the constructor.
class Cycle::Turn {
 public:
  Turn(Cycle& cycle, const StageRunner& stages) : cycle_(cycle) {
    std::unique_lock lock(cycle_.turn_mutex_);
    const auto free = [this] { return !cycle_.running_; };
    // In slices: a timer run that waits for a long API run is not wedged.
    while (!cycle_.turn_over_.wait_for(lock, stages.stop(), std::chrono::seconds(1), free)) {
      if (stages.stop().stop_requested()) {
        throw StageError(Stage::target, "stopped", "the autoscaler is shutting down");
      }
      stages.beat();
    }
    cycle_.running_ = true;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    {
      const std::lock_guard lock(cycle_.turn_mutex_);
      cycle_.running_ = false;
    }
    cycle_.turn_over_.notify_one();
  }

 private:
  Cycle& cycle_;
};

Cycle::Cycle(const Config& config, const CycleParts& parts, std::stop_token shutdown)
    : target_(config.target),
      redaction_(redaction_of(config)),
      rules_(scaling_rules(config)),
      limits_{longest_method(config), kubernetes_budget(config), metrics_budget(config)},
      parts_(parts),
      shows_target_(!is_all_our_own(config)),
      timer_pool_(config.max_cycle_bytes, "maxCycleBytes"),
      api_pool_(config.max_cycle_bytes, "maxCycleBytes"),
      gatherer_(gatherer_settings(config), parts.cluster, parts.kubernetes_metrics, parts.methods),
      scaler_(config.target, config.bounds, parts.cluster, parts.methods, std::move(shutdown)),
      memory_(memory_settings(config), parts.clock) {}

CycleResult Cycle::run(RunType type, std::stop_token stop) {
  StageRunner stages = stage_runner(type, std::move(stop));
  CycleResult result = new_result(type);
  const auto failure = failure_of([&] {
    const Turn turn(*this, stages);
    result.record.time = parts_.clock.wall_now();
    result.record.mode = mode();
    const Observation observation = observe(stages, result.record);
    std::optional<Decision> decision = unasked_decision(observation);
    if (!decision) {
      const Moment measured = ask(stages, result, observation);
      decision = decision_for(observation, *result.evaluation, measured);
    }
    scale(stages, result, observation, *std::move(decision));
  });
  if (failure) {
    note_failure(result.record, *failure);
    log_failure(*failure);
    if (!result.evaluation) memory_.interrupt();
  }
  memory_.save();
  result.record.durations = stages.durations();
  redact(result.record, redaction_);
  parts_.log.add(result.record);
  parts_.observer(result.record);
  if (!result.record.failure || result.record.action == Action::scaled) {
    log_info(result.record.message);
  }
  return result;
}

CycleResult Cycle::dry_run(std::stop_token stop) {
  StageRunner stages = stage_runner(RunType::api_dry_run, std::move(stop));
  CycleResult result = new_result(RunType::api_dry_run);
  const auto failure = failure_of([&] {
    const Observation observation = observe(stages, result.record);
    const Moment measured = ask(stages, result, observation);
    note_decision(result, decision_for(observation, *result.evaluation, measured), Tense::planned);
  });
  if (failure) note_failure(result.record, *failure);
  result.record.durations = stages.durations();
  redact(result.record, redaction_);
  return result;
}

CountedMetrics Cycle::gather(RunType type, std::stop_token stop) {
  StageRunner stages = stage_runner(type, std::move(stop));
  const Observation observation = observe(stages);
  return gatherer_.gather(observation.target, observation.scale, stages);
}

void Cycle::probe(std::stop_token stop) {
  StageRunner stages = stage_runner(RunType::api_dry_run, std::move(stop));
  observe(stages);
}

StageRunner Cycle::stage_runner(RunType type, std::stop_token stop) {
  Heartbeat* heartbeat = type == RunType::scaler ? &parts_.heartbeat : nullptr;
  return {parts_.clock, limits_,         heartbeat,
          type,         std::move(stop), type == RunType::scaler ? timer_pool_ : api_pool_};
}

CycleResult Cycle::new_result(RunType type) {
  CycleResult result;
  result.record.time = parts_.clock.wall_now();
  result.record.trigger = type;
  result.record.mode = mode();
  result.record.target = target_;
  return result;
}

Cycle::Observation Cycle::observe(StageRunner& stages) {
  Observation observation;
  const auto read_target = [&] {
    return stages.run(Stage::target, [&] {
      Resource target = parts_.cluster.target(target_, stages.kubernetes_budget());
      observation.memory.grow(bytes_of(target));
      return target;
    });
  };
  observation.memory = stages.share("the target");
  if (shows_target_) observation.target = read_target();
  observation.scale = stages.run(
      Stage::scale, [&] { return parts_.cluster.scale(target_, stages.kubernetes_budget()); });
  if (!shows_target_) {
    const std::string& uid = observation.scale.uid;
    observation.target = uid.empty() ? read_target() : Resource{target_.name, uid, "{}"};
  }
  target_seen_ = true;
  return observation;
}

Cycle::Observation Cycle::observe(StageRunner& stages, DecisionRecord& record) {
  Observation observation = observe(stages);
  record.target_uid = observation.target.uid;
  record.current_replicas = observation.scale.replicas();
  return observation;
}

Moment Cycle::ask(StageRunner& stages, CycleResult& result, const Observation& observation) {
  const CountedMetrics gathered = gatherer_.gather(observation.target, observation.scale, stages);
  const Moment measured = now();
  result.record.measured_at = measured.wall;
  note_metrics(result.record, gathered.metrics);
  result.evaluation = evaluate(observation.target, gathered.metrics, parts_.methods, stages);
  result.record.evaluation = result.evaluation;
  return measured;
}

Moment Cycle::now() const { return {parts_.clock.now(), parts_.clock.wall_now()}; }

ScalingRules Cycle::rules_in_force() {
  ScalingRules rules = rules_;
  rules.manual = memory_.manual();
  return rules;
}

std::optional<Decision> Cycle::unasked_decision(const Observation& observation) {
  return decide_unasked(observation.scale.replicas(), rules_in_force(),
                        memory_.recommendations(observation.target.uid), now());
}

Decision Cycle::decision_for(const Observation& observation, const Evaluation& evaluation,
                             Moment measured) {
  return decide(observation.scale.replicas(), evaluation, rules_in_force(),
                memory_.recommendations(observation.target.uid), measured,
                memory_.scale_events(observation.target.uid));
}

void Cycle::scale(StageRunner& stages, CycleResult& result, const Observation& observation,
                  Decision decision) {
  memory_.remember(observation.target.uid, decision.history);
  // Before the count is written: killed in between, a restart knows why the count is what it is.
  memory_.save();
  result.record.mode = mode();  // whoever has switched meanwhile, switches this cycle, too
  if (result.record.mode == Mode::shadow) {
    note_decision(result, decision, Tense::planned);
    if (decision.action == Action::scaled) result.record.action = Action::shadow;
    result.record.message.insert(0, "shadow: ");
    return;
  }
  carry_out(stages, result, observation, std::move(decision));
}

void Cycle::carry_out(StageRunner& stages, CycleResult& result, const Observation& observation,
                      Decision decision) {
  Scaler::Job job{.target = observation.target,
                  .observed = observation.scale,
                  .evaluation = result.evaluation,
                  .decision = std::move(decision)};
  // At once: postScale may take long, and be killed with us.
  job.written = [&] {
    memory_.note_scaled(observation.scale.replicas(), job.decision.replicas);
    memory_.save();
  };
  const auto note = [&] { note_decision(result, job.decision, Tense::done); };
  if (job.decision.action == Action::scaled || job.decision.action == Action::unchanged) {
    try {
      scaler_.carry_out(job, stages);
    } catch (const StageError&) {
      note();
      throw;
    }
  }
  note();
}

}  // namespace cpab
