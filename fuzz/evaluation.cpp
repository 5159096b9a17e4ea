#include "cpab/model/evaluation.h"

#include "fuzz/other_json.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {

void fuzz_evaluation(std::string_view input) {
  try {
    const Evaluation evaluation = parse_evaluation(input);
    require(evaluation.target_replicas.value_or(0) >= 0, "no negative count is accepted");
    require(parse_evaluation(to_json(evaluation)) == evaluation, "what is printed reads the same");
    const auto number = other_number(input, "targetReplicas");
    require(!number || number == evaluation.target_replicas, "the count is what others read");
  } catch (const EvaluationError& error) {
    require(*error.what() != '\0', "an error says something");
  }
}

}  // namespace cpab
