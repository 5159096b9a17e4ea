#pragma once

#include <optional>
#include <string_view>

namespace cpab {

/// The finite number that `text` is, white space around it aside; none when it is anything else.
std::optional<double> number_in(std::string_view text);

}  // namespace cpab
