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

/// `url` with user information and the values of its query replaced by `***`.
std::string masked_url(std::string_view url);

/// `value` of the header `name`: shown for Accept, Content-Type and User-Agent, otherwise `***`.
std::string masked_header(std::string_view name, const std::string& value);

/// A program argument; in `--api-token=abc` the part behind `=` is replaced by `***`, URLs are
/// masked as masked_url does.
std::string masked_argument(const std::string& argument);

/// `value` as it may be shown for the key `path` (`metric.http.url`, ...): one of the above.
std::string masked_value(const std::string& path, const std::string& value);

}  // namespace cpab
