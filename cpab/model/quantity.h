#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cpab {

/// Kubernetes quantities ("250m", "64Mi", "1e3"): sign, decimal digits, then one of n u m k M G T
/// P E, Ki Mi Gi Ti Pi Ei, or a decimal exponent.
/// Source: apimachinery's resource.Quantity, as described in the API reference.

/// The value in thousandths, rounded away from zero (contract section 4) and saturated at the
/// limits of int64. None when `text` is not a quantity.
std::optional<std::int64_t> quantity_milli(std::string_view text);

/// The canonical form the API server would print: `0.5` -> `500m`, `1000` -> `1k`, `1024Ki` ->
/// `1Mi`. None when `text` is not a quantity.
std::optional<std::string> canonical_quantity(std::string_view text);

}  // namespace cpab
