#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cpab {

/// The length in bytes (1 to 4) of the valid UTF-8 sequence at the start of `text`; 0 when there
/// is none: overlong forms, surrogates and values beyond U+10FFFF count as invalid. `text` must not
/// be empty.
std::size_t utf8_length(std::string_view text);

/// `text` with each byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string utf8_repaired(std::string_view text);

/// The first `limit` bytes of `text` at most, without cutting a character in two.
std::string_view utf8_prefix(std::string_view text, std::size_t limit);

/// How much of a text of user logic a log, a message or a record shows.
inline constexpr std::size_t shown_text = 1024;

/// `text`, or where it is longer its first `limit` bytes and how many there are.
std::string cut_short(std::string_view text, std::size_t limit = shown_text);

/// `text` with each zero byte written as `\x00`: the message of an exception would end there.
std::string nul_escaped(std::string_view text);

}  // namespace cpab
