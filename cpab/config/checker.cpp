#include "cpab/config/checker.h"

namespace cpab {

void Checker::require(bool fine, const std::string& path, const std::string& cause,
                      const std::string& allowed) {
  if (fine || is_broken(path)) return;
  report_.complaints.push_back("Invalid configuration: " + cause + " (" + location(path) + "); " +
                               allowed);
}

void Checker::require_text(const std::string& value, const std::string& path,
                           const std::string& allowed) {
  require(!value.empty(), path, path + " is missing or empty", allowed);
}

void Checker::warn(const std::string& path, const std::string& text) {
  if (!is_broken(path)) report_.warnings.push_back(location(path) + ": " + text);
}

bool Checker::is_broken(const std::string& path) const {
  for (std::size_t end = path.size(); end != std::string::npos && end > 0;
       end = path.find_last_of(".[", end - 1)) {
    if (report_.is_broken(path.substr(0, end))) return true;
  }
  return false;
}

/// A key that was not given is located by the innermost object around it that was.
std::string Checker::location(const std::string& path) const {
  for (std::size_t end = path.size(); end != std::string::npos && end > 0;
       end = path.find_last_of(".[", end - 1)) {
    const std::string around = path.substr(0, end);
    if (!origins().given(around)) continue;
    return path + ", " + (around == path ? "" : "in " + around + " from ") + origins().of(around);
  }
  return path + ", default";
}

}  // namespace cpab
