#include "cpab/io/start_failure.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string_view>

namespace cpab {
namespace {

// What stands behind `#!`, up to the first argument; empty when the file is no script.
std::string interpreter_of(const std::string& path) {
  constexpr std::size_t longest_line = 256;  // the kernel reads no further
  std::string line(longest_line, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(file.gcount()));
  line.resize(line.find('\n') == std::string::npos ? line.size() : line.find('\n'));
  if (!line.starts_with("#!")) return {};
  const std::size_t start = line.find_first_not_of(" \t", 2);
  if (start == std::string::npos) return {};
  return line.substr(start, line.find_first_of(" \t", start) - start);
}

std::string hint(const std::string& path, int error) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  if (S_ISDIR(status.st_mode)) return "it is a directory";
  // Reading one of these, as is done below, could wait for ever.
  if (!S_ISREG(status.st_mode)) return "it is no regular file, but a pipe, a socket or a device";
  if (error == EACCES && ::access(path.c_str(), X_OK) != 0) {
    return "the file lacks the right to be executed: chmod +x";
  }
  if (error == ENOEXEC) {
    return "neither a program for this machine nor a script that begins with #!";
  }
  const std::string interpreter = interpreter_of(path);
  if (error != ENOENT) return {};
  if (interpreter.empty()) return "the file is there, but the loader it was linked for is not";
  if (interpreter.ends_with('\r')) {
    return "the file is there, but it has Windows line ends: save it with Unix ones";
  }
  return "the file is there, but its interpreter \"" + interpreter + "\" is not";
}

}  // namespace

std::string start_failure_hint(const std::string& path, int error) {
  const std::string text = hint(path, error);
  return text.empty() ? "" : " (" + text + ")";
}

}  // namespace cpab
