#include "cpab/pipeline/evaluator.h"

#include "cpab/io/logging.h"
#include "cpab/pipeline/stage_input.h"

namespace cpab {

Evaluation evaluate(const Resource& target, const std::vector<Metric>& metrics,
                    const StageMethods& methods, StageRunner& stages) {
  const std::string input = evaluate_input(target, stages.run_type(), metrics);
  stages.hook(Stage::pre_evaluate, methods.pre_evaluate.get(), [&] { return input; });
  const Evaluation evaluation = stages.run(Stage::evaluate, [&] {
    const std::string answer = methods.evaluate->run(input, stages.stop());
    if (verbose(3)) log_verbose(3, "Evaluation determined: " + answer);
    return parse_evaluation(answer);
  });
  stages.hook(Stage::post_evaluate, methods.post_evaluate.get(),
              [&] { return post_evaluate_input(target, stages.run_type(), metrics, evaluation); });
  return evaluation;
}

}  // namespace cpab
