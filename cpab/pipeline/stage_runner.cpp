#include "cpab/pipeline/stage_runner.h"

#include "cpab/io/logging.h"
#include "cpab/kubernetes/cluster.h"
#include "cpab/model/evaluation.h"
#include "cpab/model/utf8.h"

namespace cpab {

StageRunner::StageRunner(Clock& clock, Limits limits, Heartbeat* heartbeat, RunType run_type,
                         std::stop_token stop, MemoryPool& pool)
    : clock_(clock),
      limits_(limits),
      heartbeat_(heartbeat),
      run_type_(run_type),
      stop_(std::move(stop)),
      memory_(std::make_shared<MemoryAccount>(pool)) {}

void StageRunner::hook(Stage stage, Method* method, const std::function<std::string()>& input,
                       std::size_t input_size) {
  if (method == nullptr) return;
  run(stage, [&] {
    MemoryShare memory = share("the answer of " + std::string(to_string(stage)));
    const std::string answer = call(stage, *method, input, input_size, memory);
    if (!verbose(3)) return;
    log_verbose(3, std::string(to_string(stage)) + " hook response: " + cut_short(answer));
  });
}

std::string StageRunner::call(Stage stage, Method& method,
                              const std::function<std::string()>& input, std::size_t input_size,
                              MemoryShare& memory) const {
  MemoryShare input_memory = share("the input of " + std::string(to_string(stage)));
  input_memory.grow(input_size);
  return method.run(input(), {stop_, &memory});
}

void StageRunner::beat() const {
  if (heartbeat_ == nullptr) return;
  heartbeat_->expect_within(clock_.now(),
                            std::max(limits_.longest_call, limits_.kubernetes_budget));
}

Budget StageRunner::kubernetes_budget() const {
  return {.deadline = clock_.now() + limits_.kubernetes_budget, .stop = stop_, .memory = memory_};
}

Budget StageRunner::metrics_budget() const {
  return {.deadline = clock_.now() + limits_.metrics_budget, .stop = stop_, .memory = memory_};
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
  } catch (const KubernetesError& error) {
    throw StageError(stage, stop_.stop_requested() ? "stopped" : "kubernetes", error.what());
  } catch (...) {
    throw stage_error(stage);
  }
}

StageError stage_error(Stage stage) {
  try {
    throw;
  } catch (const StageError& error) {
    return error;
  } catch (const MethodError& error) {
    return {stage, error.reason, error.what(), error.out, error.err};
  } catch (const EvaluationError& error) {
    return {stage, "invalid_evaluation", error.what()};
  } catch (const MemoryError& error) {
    return {stage, "memory", error.what()};
  } catch (const std::bad_alloc&) {
    return {stage, "memory",
            "the system gives cpab no more memory; raise the limit of its container, or lower "
            "maxCycleBytes"};
  } catch (const std::exception& error) {
    return {stage, "internal", error.what()};
  }
}

}  // namespace cpab
