#pragma once

#include <string>

#include "cpab/simulation/simulated_api_server.h"

namespace cpab {

/// Writes a kubeconfig for clients of the simulated cluster, for its owner alone: a token may be in
/// it. Throws FileError.
void write_kubeconfig(const SimulatedApiServer& server, const std::string& path);

}  // namespace cpab
