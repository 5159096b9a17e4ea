#pragma once

#include <string>
#include <string_view>

namespace cpab {

/// What others have written, as text that cannot play with a terminal or a reader: spelled out are
/// control characters (C0, DEL, C1), those that change the direction of writing, line and paragraph
/// separators, marks that take no room, and bytes that are no UTF-8.

/// Whether the character `code` is spelled out, wherever it stands. The page of the dashboard has
/// the same table: api/ui/printable.js.
bool is_unprintable(char32_t code);

/// `text` with unprintable characters written as `\x1b`, `\u202e`. Tabs stay; a line break is
/// followed by `indent`.
std::string printable(std::string_view text, std::string_view indent);

/// `json` with unprintable characters within its strings escaped: the same value, in ASCII as far
/// as it could do harm.
std::string printable_json(std::string json);

}  // namespace cpab
