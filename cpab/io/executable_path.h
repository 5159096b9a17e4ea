#pragma once

#include <string>

namespace cpab {

/// The file that `name` starts: itself when it holds a `/`, otherwise the first executable of that
/// name in the directories of PATH. Throws ProcessError with the reference's words (contract
/// section 2.1).
std::string executable_path(const std::string& name);

}  // namespace cpab
