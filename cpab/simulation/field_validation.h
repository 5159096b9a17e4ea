#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cpab/simulation/api_error.h"
#include "cpab/simulation/json.h"

namespace cpab {

/// What is wrong with the fields of `sent`, an object or a merge patch of one: `unknown field
/// "spec.replica"`, or, in the JSON text it was read from, a field said twice. Of built-in types
/// the fields of the object, of its metadata and of the spec of workloads are known; what lies
/// deeper, and custom resources, are taken as they are.
std::vector<std::string> field_problems(const ResourceType& type, const Json& sent,
                                        std::string_view text);

/// The refusal of `fieldValidation=Strict` (400).
ApiError strict_decoding_error(const ResourceType& type, const std::vector<std::string>& problems);

}  // namespace cpab
