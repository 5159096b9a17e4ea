#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Runs a program with posix_spawn and three pipes, and nothing else: writes `input`, reads both
/// outputs to their end, reaps. Returns the standard output. Throws std::runtime_error.
std::string run_command(const std::vector<std::string>& argv, std::string_view input);

/// The user logic of the measurements: what the reference was measured with.
std::vector<std::string> metric_command();
std::vector<std::string> evaluate_command();

}  // namespace bench
