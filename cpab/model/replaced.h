#pragma once

#include <string>
#include <string_view>

namespace cpab {

/// `text` with `value` wherever `mark` stood; what `value` brings in is not looked at again.
std::string replaced(std::string text, std::string_view mark, std::string_view value);

}  // namespace cpab
