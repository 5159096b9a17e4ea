#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// How values of users are shown: without what may be a secret. See docs/configuration.md.

/// In the place of what is not shown.
inline constexpr std::string_view mask = "***";

/// What a mask has hidden.
struct HiddenValue {
  std::string text;
  bool certain = false;  ///< by its place it is a secret; otherwise it only may be one

  friend bool operator==(const HiddenValue&, const HiddenValue&) = default;
};

/// What is left of a URL's query.
enum class ShownQuery {
  names,    ///< `?token=***&unit=***`
  nothing,  ///< `?...`, and no fragment
};

/// `url` without user information, the values of its query, its fragment, and parts of its path
/// that look random. Takes any text, also what was only meant to be a URL. What was hidden is added
/// to `hidden`, unless that is null; here and below.
std::string masked_url(std::string_view url, ShownQuery query = ShownQuery::names,
                       std::vector<HiddenValue>* hidden = nullptr);

/// `value` of the header `name`: shown for Accept, Content-Type and User-Agent, otherwise `***`.
std::string masked_header(std::string_view name, const std::string& value,
                          std::vector<HiddenValue>* hidden = nullptr);

/// A value of which only its kind matters, as a complaint quotes it: shown when it looks like a
/// slip, that is words, numbers and numbers with a unit; otherwise `***`.
std::string masked_value(std::string_view value);

/// The same for a name, where a long word is nothing strange and a telling one no secret.
std::string masked_key(std::string_view key);

}  // namespace cpab
