#pragma once

#include <string_view>
#include <vector>

#include "cpab/model/pod_facts.h"
#include "cpab/model/resource.h"

namespace cpab {

class JsonCursor;

/// What the metrics need to know, read out of the JSON of a pod. Throws KubernetesError, which
/// names the pod, for fields of a wrong type.
PodFacts parse_pod(std::string_view json);

/// The same for the pod that `cursor` stands in front of, and steps over.
PodFacts parse_pod(JsonCursor& cursor);

/// The same for many.
std::vector<PodFacts> facts_of(const std::vector<Resource>& pods);

}  // namespace cpab
