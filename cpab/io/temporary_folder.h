#pragma once

#include <string>

namespace cpab {

/// A folder of its own for what lives as long as the object, and goes with everything in it.
class TemporaryFolder {
 public:
  /// Where the system has such folders; the name begins with `prefix`. Throws std::system_error.
  explicit TemporaryFolder(const std::string& prefix);
  ~TemporaryFolder();

  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace cpab
