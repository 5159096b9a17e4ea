#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cpab {

/// What another parser (nlohmann/json) makes of texts, to compare ours with.

enum class Verdict {
  accepted,
  refused,
  /// By a rule that is its own: numbers fit a double, surrogates are pairs, a zero byte is the end.
  unlike_ours,
};

Verdict other_verdict(std::string_view text);

/// Whether both texts mean the same; false when either is refused.
bool mean_the_same(std::string_view left, std::string_view right);

/// The content of the string `text`; none when it is no string.
std::optional<std::string> other_string(std::string_view text);

/// How many elements the array `text` has; none when it is no array.
std::optional<std::size_t> other_size(std::string_view text);

/// The number that is the member `key` of the object `text`; none when there is none.
std::optional<double> other_number(std::string_view text, const std::string& key);

}  // namespace cpab
