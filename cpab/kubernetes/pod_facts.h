#pragma once

#include <string_view>

#include "cpab/model/pod_facts.h"

namespace cpab {

/// What the metrics need to know, read out of the JSON of a pod. Throws KubernetesError for fields
/// of a wrong type.
PodFacts parse_pod(std::string_view json);

}  // namespace cpab
