#pragma once

#include <string>

namespace cpab {

/// The system's words for an errno value, beginning in lower case as the reference prints them:
/// `no such file or directory`.
std::string errno_text(int error);

}  // namespace cpab
