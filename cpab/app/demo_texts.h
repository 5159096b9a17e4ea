#pragma once

namespace cpab {

/// The files of the folder `demo`, as they were when this was built.
extern const char* const demo_metric_py;
extern const char* const demo_evaluate_py;
extern const char* const demo_config_yaml;
extern const char* const demo_hpa_yaml;

}  // namespace cpab
