#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// Typed access to the members of a JSON object in an answer of the API server. An absent member
/// and `null` are the same, as in the Kubernetes API. A member of another type than asked for
/// throws KubernetesError naming it; text that is not JSON throws JsonError.

/// The string; empty when absent.
std::string string_field(std::string_view object, std::string_view key);

/// The same for a member that has been found already.
std::string string_value(std::string_view key, std::string_view value);

/// The text of the object; none when absent.
std::optional<std::string_view> object_field(std::string_view object, std::string_view key);

/// The same for a member that has been found already.
std::optional<std::string_view> object_value(std::string_view key, std::string_view value);

/// The elements of the array; none of them when absent.
std::vector<std::string_view> array_field(std::string_view object, std::string_view key);

/// The integer; none when absent. Fractions, exponents and what does not fit into int64 throw.
std::optional<std::int64_t> integer_field(std::string_view object, std::string_view key);

/// The value of a quantity in thousandths (see quantity.h), given as a string or a plain number;
/// none when absent.
std::optional<std::int64_t> milli_field(std::string_view object, std::string_view key);

/// Throws KubernetesError unless `text` is an object; `what` names it in the message.
void require_object(std::string_view text, std::string_view what);

/// At most 200 bytes of `text` as a quoted string on one line, for messages.
std::string excerpt(std::string_view text);

}  // namespace cpab
