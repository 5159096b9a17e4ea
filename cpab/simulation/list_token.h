#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace cpab {

/// Where the next page of a list continues: after `last`, in the list as of `version`.
struct ListToken {
  std::uint64_t version = 0;
  std::pair<std::string, std::string> last;  ///< namespace and name
};

/// In hexadecimal, so that clients treat it as the opaque text it is.
std::string list_token_text(const ListToken& token);

/// None when `text` is empty. Throws ApiError (400) when it is no token.
std::optional<ListToken> parse_list_token(const std::string& text);

}  // namespace cpab
