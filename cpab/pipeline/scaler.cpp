#include "cpab/pipeline/scaler.h"

#include "cpab/pipeline/stage_input.h"

namespace cpab {
namespace {

void hold_for_conflict(Decision& decision, std::int32_t read, std::int32_t seen) {
  decision.steps.push_back({"conflict", decision.replicas, seen,
                            "somebody else changed the replicas from " + std::to_string(read) +
                                " to " + std::to_string(seen) + " meanwhile"});
  decision.replicas = seen;
  decision.limited_by = "conflict";
  decision.action = Action::held;
}

/// Where nobody was asked, and after a hold that an override overruled, what was there was wanted.
std::int32_t wanted(const Scaler::Job& job) {
  const std::int32_t current = job.observed.replicas();
  return job.evaluation ? job.evaluation->target_replicas.value_or(current) : current;
}

}  // namespace

Scaler::Scaler(ScaleTarget target, Bounds bounds, Cluster& cluster, const StageMethods& methods,
               std::stop_token shutdown)
    : target_(std::move(target)),
      bounds_(bounds),
      cluster_(cluster),
      methods_(methods),
      shutdown_(std::move(shutdown)) {}

void Scaler::carry_out(Job& job, StageRunner& stages) const {
  const std::string input = scale_input({.target = job.target,
                                         .scale_target = target_,
                                         .bounds = bounds_,
                                         .current_replicas = job.observed.replicas(),
                                         .wanted_replicas = wanted(job),
                                         .final_replicas = job.decision.replicas,
                                         .run_type = stages.run_type()});
  const bool changes = job.decision.action == Action::scaled;
  // Until it is written the decision must not say that it was.
  if (changes) job.decision.action = Action::failed;
  stages.hook(Stage::pre_scale, methods_.pre_scale.get(), [&] { return input; });
  if (changes) write(job, stages);
  if (job.decision.action == Action::scaled) job.written();
  if (job.decision.action == Action::held) return;
  stages.hook(Stage::post_scale, methods_.post_scale.get(), [&] { return input; });
}

void Scaler::write(Job& job, StageRunner& stages) const {
  stages.run(Stage::patch, [&] {
    if (shutdown_.stop_requested()) {
      throw StageError(Stage::patch, "stopped",
                       "the autoscaler is shutting down, nothing was written");
    }
    Budget budget = stages.kubernetes_budget();
    budget.stop = shutdown_;
    try {
      cluster_.set_replicas(target_, job.observed, job.decision.replicas, budget);
      job.decision.action = Action::scaled;
    } catch (const ReplicasChangedError& error) {
      hold_for_conflict(job.decision, job.observed.replicas(), error.seen);
    }
  });
}

}  // namespace cpab
