#pragma once

#include <string_view>

namespace cpab {

/// Writes `text`, printable whoever has written parts of it, and a line break to standard error.
void print_error(std::string_view text);

}  // namespace cpab
