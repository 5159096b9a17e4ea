#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cpab/config/config.h"

namespace cpab {

/// Empty when it is gone.
std::filesystem::path working_directory();

/// Relative paths of programs and their arguments start in the working directory, of the daemon and
/// of a replay, as with the reference; where the configuration lies does not matter. A sentence for
/// each of `config` that may be meant otherwise: a file of that name lies beside `config_path`, and
/// is not the one that is used.
std::vector<std::string> notes_on_scripts(const Config& config, const std::string& config_path,
                                          const std::filesystem::path& here = working_directory());

/// The same for one command, of `what`, that the file `path` names.
std::vector<std::string> notes_on_command(const std::string& what,
                                          const std::vector<std::string>& command,
                                          const std::string& path,
                                          const std::filesystem::path& here = working_directory());

}  // namespace cpab
