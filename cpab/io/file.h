#pragma once

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>

namespace cpab {

/// A file could not be read or written; the message is `open <path>: <reason>`, or `read ...` when
/// it broke off later.
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// There is no such file.
struct MissingFileError : FileError {
  using FileError::FileError;
};

/// What a file is read for, and how large it may be. A path that leads elsewhere by mistake shall
/// cost an error message, not the memory or the time of the daemon.
struct FileKind {
  const char* name = "";  ///< as messages have it: `a token file`
  std::size_t max_bytes = 0;
  /// Read only once, so a here-document, a pipe of the shell or a terminal will do as well. A named
  /// pipe will not: nothing says that somebody is going to write to it.
  bool or_stream = false;
};

namespace file_kind {
inline constexpr FileKind configuration{"a configuration", 1u << 20, true};
inline constexpr FileKind kubeconfig{"a kubeconfig", 1u << 20, true};
inline constexpr FileKind manifest{"a manifest", 4u << 20, true};
inline constexpr FileKind scenario{"a scenario or a recording", 256u << 20, true};
inline constexpr FileKind token{"a token file", 1u << 20};
inline constexpr FileKind certificate{"a file of certificates or a key", 4u << 20};
inline constexpr FileKind other{"a file", 256u << 20};
}  // namespace file_kind

/// The path of what a program is given without a path.
inline constexpr char standard_input[] = "/dev/stdin";

/// The whole content of a regular file, or of a stream where the kind allows it. Never waits for
/// anything but a stream, and for that no longer than half a minute (a terminal aside), nor once
/// the daemon was told to end. Throws FileError.
std::string read_file(const std::string& path, const FileKind& kind = file_kind::other);

/// read_scenario_file(), or what stands in for it.
using FileReader = std::function<std::string(const std::string& path)>;

/// read_file() for a scenario and what it names.
std::string read_scenario_file(const std::string& path);

}  // namespace cpab
