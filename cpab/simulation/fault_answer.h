#pragma once

#include "cpab/io/http_server.h"
#include "cpab/simulation/faults.h"

namespace cpab {

/// What is answered instead, with the status and the `Retry-After` of `fault`.
ServerResponse fault_answer(const Fault& fault);

}  // namespace cpab
