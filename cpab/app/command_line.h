#pragma once

#include <string>
#include <vector>

namespace cpab {

/// Runs the sub-command that the arguments behind `cpab` name, the daemon without any, and returns
/// the exit code. Help, and what is wrong with them, is printed.
int run_command_line(const std::vector<std::string>& arguments);

}  // namespace cpab
