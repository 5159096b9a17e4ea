#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "cpab/model/instant.h"

namespace cpab {

/// Times among the members of a JSON object; see json_fields.h for absence and errors.

/// An RFC 3339 time; none when absent.
std::optional<Instant> instant_field(std::string_view object, std::string_view key);

/// A duration such as `30s`; zero when absent. A number is an error.
std::chrono::nanoseconds duration_field(std::string_view object, std::string_view key);

}  // namespace cpab
