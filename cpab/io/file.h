#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cpab {

/// A file could not be read or written; the message is `open <path>: <reason>`, or `read ...` when
/// it broke off later.
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The whole content of a file. Throws FileError.
std::string read_file(const std::string& path);

/// read_file(), or what stands in for it.
using FileReader = std::function<std::string(const std::string& path)>;

/// Adds `text` to the end of a file, in one write, making the file when it is not there. Opens it
/// anew each time, so that it may be rotated. Throws FileError.
void append_file(const std::string& path, std::string_view text);

}  // namespace cpab
