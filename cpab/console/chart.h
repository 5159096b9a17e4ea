#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// `value` of `highest` as a bar of `width` block characters: `████░░░░`.
std::string bar(double value, double highest, std::size_t width);

/// A value over time, the newest at the right: one block character each, between nothing and
/// `highest`; a gap where there is no value. Only the last `width` values are shown.
std::string sparkline(const std::vector<std::optional<double>>& values, double highest,
                      std::size_t width);

}  // namespace cpab
