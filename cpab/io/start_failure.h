#pragma once

#include <string>

namespace cpab {

/// Why the program at `path` could not be started, where the system's word for `error` (an errno)
/// is known to mislead: " (it is a directory)". Empty where there is nothing to add.
std::string start_failure_hint(const std::string& path, int error);

}  // namespace cpab
