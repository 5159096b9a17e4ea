#pragma once

#include <cstddef>
#include <string_view>

namespace cpab {

/// How many characters of a text could be what YAML is made of: line ends, commas, brackets,
/// question marks, anchors, aliases and tags. A parser of YAML may keep a few hundred bytes for
/// each of them before it says the first word about the text, so this is counted before it is given
/// one that somebody else wrote.
std::size_t yaml_marks(std::string_view text);

/// What a configuration, a kubeconfig or a manifest stays far below, inline scripts included.
inline constexpr std::size_t most_yaml_marks = 100'000;

}  // namespace cpab
