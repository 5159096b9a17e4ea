#include "cpab/io/file_stamp.h"

#include <sys/stat.h>

namespace cpab {

FileStamp file_stamp(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  const auto& modified = status.st_mtim;
  return {status.st_dev, status.st_ino, status.st_size,
          std::int64_t{modified.tv_sec} * 1'000'000'000 + modified.tv_nsec};
}

}  // namespace cpab
