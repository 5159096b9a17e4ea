#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cpab {

/// Percent-decoded text; none when an escape is malformed. `plus_is_space` as in form encoding.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

/// `text` with all but letters, digits and `-_.~` percent-encoded.
std::string percent_encoded(std::string_view text);

}  // namespace cpab
