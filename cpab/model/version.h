#pragma once

#include <string>

namespace cpab {

/// `0.1.0`, from the project's CMake file.
std::string version();

/// What we call ourselves towards HTTP servers: `cpab/0.1.0`.
std::string user_agent();

}  // namespace cpab
