#pragma once

#include <string>
#include <string_view>

namespace cpab {

/// How values of users appear in messages and listings: on one line, of bounded length, without
/// what may be a secret.

/// `text` in quotes, escaped, cut after 120 bytes.
std::string quoted(std::string_view text);

/// The same without the quotes.
std::string escaped(std::string_view text);

/// `value` as it may be shown for the key `path` (`metric.http.url`, ...): masked as a header, a
/// URL, an argument, or as what a complaint quotes.
std::string masked_at(const std::string& path, const std::string& value);

/// A value that cannot be used, as complaints quote it: `quoted` and `escaped` of masked_value().
std::string quoted_value(std::string_view value);
std::string escaped_value(std::string_view value);

}  // namespace cpab
