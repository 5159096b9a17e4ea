#pragma once

#include <string>

#include "cpab/config/document.h"

namespace cpab {

/// What a plain YAML 1.1 scalar means (contract section 1.4): null, a boolean, a number in one of
/// the many notations, or a string. Dates and base-60 numbers such as `1:30` are strings. The line
/// is left to the caller.
Node plain_yaml_scalar(const std::string& source);

/// The shortest text that reads back as `number`, as the reference writes it where a string is
/// wanted: `1.5`, `1000`, `1e+06`, `+Inf`.
std::string float_as_string(double number);

/// The same where a JSON number is wanted: plain digits from 1e-6 up to 1e21.
std::string float_as_json(double number);

}  // namespace cpab
