#pragma once

#include <string>
#include <string_view>

namespace cpab {

/// Whether each `%` of the path is followed by two hexadecimal digits. The query may hold
/// anything; what it means is the handler's business.
bool is_valid_target(std::string_view target);

/// `http://host/a?b` as `/a?b`; other forms as they are.
std::string origin_form(std::string target);

}  // namespace cpab
