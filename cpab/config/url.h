#pragma once

#include <string>
#include <string_view>

namespace cpab {

/// Why no HTTP request can be sent to `url`, in the reference's words as far as it has any; empty
/// when one can. The text shows the URL without its secrets.
std::string problem_of_url(std::string_view url);

}  // namespace cpab
