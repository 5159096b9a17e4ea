#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace cpab {

/// A program to start and what its three standard streams are.
struct SpawnRequest {
  const std::string& path;               ///< the executable file
  const std::vector<std::string>& argv;  ///< including argv[0]
  char* const* environment;              ///< ends with a null pointer
  int in = -1;
  int out = -1;
  int err = -1;
};

/// Starts a program as the leader of a new process group, with no signal blocked or ignored
/// and no descriptor but its three streams. Returns its process id. Throws ProcessError: `fork/exec
/// <path>: no such file or directory`, and MemoryError when the system has no memory for it.
pid_t spawn(const SpawnRequest& request);

}  // namespace cpab
