#include "cpab/pipeline/evaluator.h"

#include "cpab/io/logging.h"
#include "cpab/model/utf8.h"
#include "cpab/pipeline/stage_input.h"

namespace cpab {

Evaluation evaluate(const Resource& target, const std::vector<Metric>& metrics,
                    const StageMethods& methods, StageRunner& stages) {
  const std::size_t size = input_size(target, metrics);
  const auto input = [&] { return evaluate_input(target, stages.run_type(), metrics); };
  stages.hook(Stage::pre_evaluate, methods.pre_evaluate.get(), input, size);
  const Evaluation evaluation = stages.run(Stage::evaluate, [&] {
    MemoryShare memory = stages.share("the answer of evaluate");
    const std::string answer = stages.call(Stage::evaluate, *methods.evaluate, input, size, memory);
    if (verbose(3)) log_verbose(3, "Evaluation determined: " + cut_short(answer));
    memory.grow(3 * answer.size());  // with each byte that is no UTF-8 repaired
    return parse_evaluation(answer);
  });
  stages.hook(
      Stage::post_evaluate, methods.post_evaluate.get(),
      [&] { return post_evaluate_input(target, stages.run_type(), metrics, evaluation); }, size);
  return evaluation;
}

}  // namespace cpab
