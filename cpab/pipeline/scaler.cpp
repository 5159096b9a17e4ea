#include "cpab/pipeline/scaler.h"

#include "cpab/pipeline/stage_input.h"

namespace cpab {
namespace {

void hold(Decision& decision, const char* rule, std::int32_t at, std::string detail) {
  decision.apply(rule, "", at, std::move(detail));
  decision.action = Action::held;
}

void hold_for_conflict(Decision& decision, std::int32_t read, std::int32_t seen) {
  hold(decision, "conflict", seen,
       "somebody else changed the replicas from " + std::to_string(read) + " to " +
           std::to_string(seen) + " meanwhile");
}

/// Something between us and the object, such as an admission webhook, has the last word.
void hold_for_answer(Decision& decision, std::int32_t answered) {
  hold(decision, "answer", answered,
       "asked for " + std::to_string(decision.replicas) + " replicas, the API server answered " +
           std::to_string(answered) + "; see which admission webhook changes what is written");
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
  stages.hook(
      Stage::pre_scale, methods_.pre_scale.get(), [&] { return input; }, input.size());
  if (changes && write(job, stages) != job.observed.replicas()) job.written();
  if (job.decision.action == Action::held) return;
  stages.hook(
      Stage::post_scale, methods_.post_scale.get(), [&] { return input; }, input.size());
}

std::int32_t Scaler::write(Job& job, StageRunner& stages) const {
  return stages.run(Stage::patch, [&] {
    if (shutdown_.stop_requested()) {
      throw StageError(Stage::patch, "stopped",
                       "the autoscaler is shutting down, nothing was written");
    }
    Budget budget = stages.kubernetes_budget();
    budget.stop = shutdown_;
    budget.memory.reset();  // a small answer, and what has been written has to be known
    try {
      const std::int32_t answered =
          cluster_.set_replicas(target_, job.observed, job.decision.replicas, budget).replicas();
      job.decision.action = Action::scaled;
      if (answered != job.decision.replicas) hold_for_answer(job.decision, answered);
      return answered;
    } catch (const ReplicasChangedError& error) {
      hold_for_conflict(job.decision, job.observed.replicas(), error.seen);
      return job.observed.replicas();
    }
  });
}

}  // namespace cpab
