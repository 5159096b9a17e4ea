#pragma once

#include <string>
#include <vector>

namespace cpab {

/// `arguments` without the logging flags of the reference (`-v=2`, `--logtostderr`, ...), which
/// images and manifests written for it may pass. They have no effect here: everything goes to
/// standard error, as much of it as `logVerbosity` says, which is what counts there too.
std::vector<std::string> without_reference_flags(const std::vector<std::string>& arguments);

}  // namespace cpab
