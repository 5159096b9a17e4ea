#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cpab/model/json_cursor.h"

namespace cpab {

/// JSON handled as text: finding a part of a document without building a tree of it, so that a
/// list of a thousand pods costs its own size and objects travel byte for byte. Every byte walked
/// over is checked against the grammar (RFC 8259); strings are returned still escaped unless said
/// otherwise. All functions throw JsonError on malformed text, and nesting beyond 512 levels.

/// Checks that `text` is exactly one JSON value, surrounding white space aside, and returns it
/// without that white space.
std::string_view json_value(std::string_view text);

/// The members of the object `text`, in source order: key (unescaped) and value text. The value
/// texts point into `text`.
std::vector<std::pair<std::string, std::string_view>> json_members(std::string_view text);

/// The value of the first member called `key` of the object `text`; none when absent.
std::optional<std::string_view> json_member(std::string_view text, std::string_view key);

/// The elements of the array `text`; they point into it.
std::vector<std::string_view> json_elements(std::string_view text);

/// The value at a JSON pointer (RFC 6901) such as `/items/0/name`; none when there is none. Of
/// members with the same key the first one counts.
std::optional<std::string_view> json_at(std::string_view text, std::string_view pointer);

/// The content of the JSON string `text`, unescaped; none when `text` is not a string.
std::optional<std::string> json_string(std::string_view text);

/// `value` as a JSON string, quotes included, on one line. Each byte that is not part of valid
/// UTF-8 becomes U+FFFD (the reference's rule).
std::string json_quote(std::string_view value);

/// The same at the end of `out`, which is not copied where its capacity is enough.
void append_json_quoted(std::string& out, std::string_view value);

/// How long json_quote(value) is: up to six times as long as `value`, and two.
std::size_t json_quoted_size(std::string_view value);

/// `text`, known to be valid JSON, without line breaks: returned as it is when it has none,
/// otherwise with all white space outside strings removed.
std::string json_one_line(std::string_view text);

}  // namespace cpab
