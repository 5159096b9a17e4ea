#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cpab {

/// `bytes` in standard base64, with padding.
std::string base64_encode(std::string_view bytes);

/// The bytes that standard base64 `text` stands for (RFC 4648 section 4, padding required, line
/// breaks allowed); none when it is not base64.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace cpab
