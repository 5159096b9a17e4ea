#pragma once

#include "tests/vectors/vector_files.h"

namespace cpab {

/// How the cases of each file are compared; one file of the tests for one or two of them.

Comparisons replica_calculator_comparisons();
Comparisons replica_calc_comparisons();
Comparisons utilization_comparisons();
Comparisons horizontal_comparisons();
Comparisons trace_comparisons();
Comparisons metrics_client_comparisons();
Comparisons behavior_comparisons();  ///< the parts of decide(), of horizontal.json too
Comparisons percent_policy_comparisons();
Comparisons forecast_comparisons();
Comparisons quantity_comparisons();

}  // namespace cpab
