#pragma once

#include <string>
#include <string_view>

#include "cpab/io/file.h"

namespace cpab {

/// A file, or a pipe such as `/dev/stdout`, to which lines are added. Each stands on a line of its
/// own, also after one that was cut by a full disk, a crash or a reader that went away. The file is
/// opened anew each time, so that it may be rotated. Used by one thread at a time.
class LineFile {
 public:
  explicit LineFile(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }

  /// Adds a line, making the file when it is not there. Waits half a second at most for whoever
  /// reads a pipe, and not at all once that was in vain. Throws FileError.
  void add(std::string line);

 private:
  void write_all(int file, std::string_view text);

  const std::string path_;
  bool cut_ = false;      // what was written last has no line end
  bool stalled_ = false;  // it was waited for in vain, and nothing could be written since
};

}  // namespace cpab
