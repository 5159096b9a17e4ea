#include "cpab/methods/hpa_method.h"

#include "cpab/model/evaluation.h"
#include "cpab/model/json_text.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {

void fuzz_hpa(std::string_view input) {
  HpaMethod method({});
  try {
    const Evaluation evaluation = parse_evaluation(
        method.run("{\"metrics\":[{\"value\":" + json_quote(input) + "}]}", std::stop_token()));
    require(evaluation.target_replicas.has_value(), "an answer is a count");
    require(!evaluation.reason.empty(), "an answer says why");
    require(!evaluation.proposals.empty(), "an answer names the metrics");
  } catch (const MethodError& error) {
    require(*error.what() != '\0', "an error says something");
  }
}

}  // namespace cpab
