#include "cpab/pipeline/stage_runner.h"

#include "cpab/io/logging.h"
#include "cpab/kubernetes/cluster.h"
#include "cpab/model/evaluation.h"

namespace cpab {

StageRunner::StageRunner(Clock& clock, Limits limits, Heartbeat* heartbeat, RunType run_type,
                         std::stop_token stop)
    : clock_(clock),
      limits_(limits),
      heartbeat_(heartbeat),
      run_type_(run_type),
      stop_(std::move(stop)) {}

std::string StageRunner::call(Stage stage, Method& method, std::string_view input) {
  return run(stage, [&] { return method.run(input, stop_); });
}

void StageRunner::hook(Stage stage, Method* method, const std::function<std::string()>& input) {
  if (method == nullptr) return;
  const std::string answer = call(stage, *method, input());
  if (verbose(3)) log_verbose(3, std::string(to_string(stage)) + " hook response: " + answer);
}

void StageRunner::beat() const {
  if (heartbeat_ == nullptr) return;
  heartbeat_->expect_within(clock_.now(),
                            std::max(limits_.longest_call, limits_.kubernetes_budget));
}

Budget StageRunner::kubernetes_budget() const {
  return {clock_.now() + limits_.kubernetes_budget, stop_};
}

Budget StageRunner::metrics_budget() const {
  return {clock_.now() + limits_.metrics_budget, stop_};
}

TimePoint StageRunner::begin(Stage stage) const {
  beat();
  if (verbose(2)) log_verbose(2, "Running stage " + std::string(to_string(stage)));
  return clock_.now();
}

void StageRunner::finish(Stage stage, TimePoint start) {
  const std::chrono::duration<double, std::milli> elapsed = clock_.now() - start;
  durations_.emplace_back(to_string(stage), elapsed.count());
}

void StageRunner::rethrow_as_stage_error(Stage stage) const {
  try {
    throw;
  } catch (const StageError&) {
    throw;
  } catch (const MethodError& error) {
    throw StageError(stage, error.reason, error.what(), error.out, error.err);
  } catch (const EvaluationError& error) {
    throw StageError(stage, "invalid_evaluation", error.what());
  } catch (const KubernetesError& error) {
    throw StageError(stage, stop_.stop_requested() ? "stopped" : "kubernetes", error.what());
  } catch (const std::exception& error) {
    throw StageError(stage, "internal", error.what());
  }
}

}  // namespace cpab
