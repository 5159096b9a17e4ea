#pragma once

#include <optional>
#include <string_view>

namespace cpab {

/// Whether what is decided is written.
enum class Mode {
  active,
  shadow,  ///< everything runs, nothing is written to the cluster
};

/// The wire name: `active`, `shadow`.
std::string_view to_string(Mode mode);

/// The other way round; none for any other text.
std::optional<Mode> parse_mode(std::string_view text);

}  // namespace cpab
