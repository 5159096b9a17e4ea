#pragma once

#include <string>

namespace cpab {

/// What this machine calls itself, which in a pod is the pod's name; empty when it does not say.
std::string host_name();

}  // namespace cpab
