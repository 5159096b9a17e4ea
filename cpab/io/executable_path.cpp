#include "cpab/io/executable_path.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "cpab/io/process_runner.h"

namespace cpab {
namespace {

bool is_executable_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

[[noreturn]] void fail(const std::string& name, const char* reason) {
  throw ProcessError("exec: \"" + name + "\": " + reason);
}

std::string search(const std::string& name, std::string_view directories) {
  while (!directories.empty()) {
    const std::string_view directory = directories.substr(0, directories.find(':'));
    directories.remove_prefix(std::min(directory.size() + 1, directories.size()));
    const std::string path = (directory.empty() ? "." : std::string(directory)) + "/" + name;
    if (!is_executable_file(path)) continue;
    // A relative entry of PATH would start whatever lies around in the working directory.
    if (path[0] != '/') fail(name, "cannot run executable found relative to current directory");
    return path;
  }
  fail(name, "executable file not found in $PATH");
}

}  // namespace

std::string executable_path(const std::string& name) {
  if (name.empty()) throw ProcessError("exec: no command");
  if (name.find('/') != std::string::npos) return name;
  const char* path = std::getenv("PATH");
  return search(name, path == nullptr ? "" : path);
}

}  // namespace cpab
