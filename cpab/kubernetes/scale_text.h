#pragma once

#include <string_view>

#include "cpab/model/scale.h"

namespace cpab {

/// Reads a Scale object (contract section 5.2): autoscaling/v1, or one of the old kinds, whose
/// selector is a map or `targetSelector`. Anything that does not say plainly how many replicas
/// there are throws KubernetesError beginning `received an object from a /scale endpoint which was
/// not convertible to autoscaling Scale: `. Text that is not JSON throws JsonError.
Scale parse_scale(std::string_view text);

}  // namespace cpab
