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
    require(!evaluation.reason.empty(), "an answer says why");
    require(evaluation.hold() == evaluation.proposals.empty(), "a count names the metrics");
  } catch (const MethodError& error) {
    require(*error.what() != '\0', "an error says something");
  }
}

}  // namespace cpab
