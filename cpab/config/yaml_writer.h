#pragma once

#include <string>
#include <string_view>

#include "cpab/config/document.h"

namespace cpab {

/// In double quotes, where YAML reads what JSON does.
std::string quoted_scalar(std::string_view text);

/// Text as a YAML scalar: bare where that is safe, otherwise in double quotes.
std::string yaml_text(const std::string& text);

/// `key: value` as lines of YAML: what is short in braces, the rest in blocks. What was written in
/// different lines keeps its order.
std::string yaml_member(const std::string& key, const Node& value);

}  // namespace cpab
