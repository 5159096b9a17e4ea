#pragma once

#include <stdexcept>
#include <string>

namespace cpab {

/// A file could not be read; the message is `open <path>: <reason>`.
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The whole content of a file. Throws FileError.
std::string read_file(const std::string& path);

}  // namespace cpab
