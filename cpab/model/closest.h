#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// The candidate that `name` is most likely a misspelling of: other capitals, or at most one slip
/// for every three letters (a letter missing, added, changed, or two swapped). None when none is
/// that close.
std::optional<std::string> closest(std::string_view name,
                                   const std::vector<std::string>& candidates);

}  // namespace cpab
