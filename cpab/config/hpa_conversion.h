#pragma once

#include <string>

#include "cpab/config/hpa_list.h"

namespace cpab {

/// The configuration, as YAML with comments, that scales as the HorizontalPodAutoscaler in
/// `manifest` does: YAML or JSON, one object, several, or a list of them, of autoscaling/v2,
/// v2beta2 or v1. `name` chooses one of several, see chosen_hpa(). Metrics and behavior go over as
/// they stand; what is not understood is refused. What is returned passes `cpab validate`. Throws
/// ConversionError.
std::string config_of_hpa(const std::string& manifest, const std::string& name);

}  // namespace cpab
