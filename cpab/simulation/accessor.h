#pragma once

#include <string>

#include "cpab/simulation/json.h"

namespace cpab {

/// What the API server says when it reads a custom resource by the paths of its definition and
/// finds something of another type than `expected`, `string` or `int64`: ApiError 500,
/// `.status.selector accessor error: map[app:web] is of the type map[string]interface {}, expected
/// string`. What is not there is no error. Source: the helpers of apimachinery's unstructured
/// package.
void check_accessor(const Json& document, const std::string& pointer, const std::string& expected);

}  // namespace cpab
