#pragma once

#include <string>
#include <string_view>

namespace cpab {

/// `text` with control characters written as `\x1b`, so that what others have written cannot play
/// with a terminal. Tabs stay; a line break is followed by `indent`.
std::string printable(std::string_view text, std::string_view indent);

}  // namespace cpab
