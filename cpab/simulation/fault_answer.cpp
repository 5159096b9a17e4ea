#include "cpab/simulation/fault_answer.h"

#include "cpab/simulation/api_error.h"
#include "cpab/simulation/json_answer.h"

namespace cpab {

ServerResponse fault_answer(const Fault& fault) {
  auto response = json_answer(fault.status, status_json(injected_failure(fault.status)));
  if (fault.retry_after_seconds) {
    response.headers.emplace_back("Retry-After", std::to_string(*fault.retry_after_seconds));
  }
  return response;
}

}  // namespace cpab
