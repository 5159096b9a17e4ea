#pragma once

#include <string_view>
#include <vector>

#include "cpab/simulation/json.h"

namespace cpab {

/// The values that a JSONPath of a printer column finds: `.spec.replicas`, `.a['b.c']`, `.list[0]`,
/// `.list[*].name`, `.status.conditions[?(@.type=="Ready")].status`. Nothing when `path` is none of
/// these or leads nowhere.
std::vector<Json> find_path(const Json& document, std::string_view path);

}  // namespace cpab
