#pragma once

#include <string_view>

namespace cpab {

/// What started this cycle. Hooks and user logic see it, so that a script can answer a dry run
/// differently from a scheduled one.
enum class RunType {
  scaler,       ///< the interval timer
  api,          ///< asked for over the API; may scale
  api_dry_run,  ///< asked for over the API; nothing is written
};

/// The wire name: `scaler`, `api`, `api_dry_run`.
std::string_view to_string(RunType type);

}  // namespace cpab
