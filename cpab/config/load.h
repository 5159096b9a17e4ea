#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cpab/config/config.h"
#include "cpab/config/config_error.h"
#include "cpab/config/environment.h"
#include "cpab/config/origins.h"

namespace cpab {

/// A configuration that can be used.
struct LoadedConfig {
  Config config;
  std::string path;  ///< of the file; what was given as its name when it was a text
  std::vector<std::string> warnings;  ///< slips included
  Origins origins;
};

/// What becomes of slips, keys that mean nothing or are there twice. The reference takes a file
/// with them, so they never stop the daemon; `cpab validate` they do.
enum class Slips { warn, refuse };

/// The file to read: the variable `configPath` when it is set, even to the empty string, otherwise
/// `/config.yaml`.
std::string config_path(const Environment& environment);

/// Reads the file at `path` and puts `environment` over it (contract section 1.2). Throws
/// ConfigError holding all that is wrong.
LoadedConfig load_config(const std::string& path, const Environment& environment,
                         Slips slips = Slips::warn);

/// The same for the content of a file, called `name` in messages.
LoadedConfig load_config_text(std::string_view text, const std::string& name,
                              const Environment& environment, Slips slips = Slips::warn);

}  // namespace cpab
