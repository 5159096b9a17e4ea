#pragma once

#include <cstdint>
#include <string>

namespace cpab {

/// Tells one state of a file from the next. Of a symbolic link it is the file behind it that
/// counts, which is how Kubernetes swaps the files of a mounted Secret.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = -1;  ///< -1: not there
  std::int64_t modified_ns = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

FileStamp file_stamp(const std::string& path);

}  // namespace cpab
