#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cpab/kubernetes/credentials.h"

namespace cpab {

/// What a sub-command ends with.
enum ExitCode : int {
  exit_ok = 0,
  exit_failure = 1,
  exit_usage = 2,  ///< wrong command line or unusable configuration
};

/// `cpab run`, the daemon. Returns when SIGTERM or SIGINT has been obeyed.
int run_command(const CredentialsRequest& credentials);

/// `cpab validate [FILE]`: prints the effective configuration, or all that is wrong with it.
int validate_command(const std::optional<std::string>& file);

/// `cpab version`.
int version_command(bool json);

struct DemoOptions {
  std::optional<std::int32_t> seconds;  ///< none: until SIGINT
  std::uint16_t api_port = 5000;        ///< of the autoscaler's REST API
  std::uint16_t cluster_port = 8001;    ///< of the simulated API server
};

/// `cpab demo`: the daemon with Python user logic on a simulated cluster.
int demo_command(const DemoOptions& options);

}  // namespace cpab
