#pragma once

#include <cstdint>

namespace cpab {

/// What this process takes at one moment. What cannot be found out is 0.
struct ProcessUsage {
  double cpu_seconds = 0;  ///< in user and system mode, without programs it has started
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t threads = 0;
  std::uint64_t open_descriptors = 0;
  std::uint64_t max_descriptors = 0;
};

/// Reads /proc of this process.
ProcessUsage process_usage();

}  // namespace cpab
