#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cpab {

/// Kubernetes quantities ("250m", "64Mi", "1e3"): sign, decimal digits, then one of n u m k M G T
/// P E, Ki Mi Gi Ti Pi Ei, or a decimal exponent.
/// Source: apimachinery's resource.Quantity, as described in the API reference.

/// How a quantity is written: `1500m`, `1536Ki` or `1500e-3`.
enum class QuantityFormat { decimal_suffix, binary_suffix, exponent };

/// The value in thousandths, rounded away from zero (contract section 4) and saturated at the
/// limits of int64. None when `text` is not a quantity.
std::optional<std::int64_t> quantity_milli(std::string_view text);

/// The value as Kubernetes makes a double of it: the digits as they are written, as a whole number,
/// times a power of ten, rounded away from zero to nine places. Both factors are doubles, so `300m`
/// is 0.3 and `0.3` is 0.30000000000000004. None when `text` is not a quantity.
std::optional<double> quantity_double(std::string_view text);

/// The canonical form the API server would print: `0.5` -> `500m`, `1000` -> `1k`, `1024Ki` ->
/// `1Mi`. None when `text` is not a quantity.
std::optional<std::string> canonical_quantity(std::string_view text);

/// The canonical form of an amount in thousandths. With binary suffixes only whole numbers from
/// 1024 on are written, others with decimal ones.
std::string quantity_text(std::int64_t thousandths, QuantityFormat format);

/// How an HPA's status has an amount of a resource or metric: memory with binary suffixes.
std::string status_quantity(std::string_view resource, std::int64_t thousandths);

}  // namespace cpab
