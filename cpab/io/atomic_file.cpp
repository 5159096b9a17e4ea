#include "cpab/io/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "cpab/io/errno_text.h"
#include "cpab/io/unique_fd.h"

namespace cpab {
namespace {

[[noreturn]] void fail(const char* action, const std::string& path, int error) {
  throw FileError(std::string(action) + " " + path + ": " + errno_text(error));
}

void require_path(const char* action, const std::string& path) {
  const std::size_t end = path.find('\0');
  if (end != std::string::npos) fail(action, path.substr(0, end), EINVAL);
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Renaming onto a device would put a plain file in its place.
void refuse_what_is_no_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    throw FileError("replace " + path + ": not a regular file");
  }
}

/// A file that exists only until it is renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) {
    // Left by a process that was killed, or put there by somebody else to be followed.
    ::unlink(path_.c_str());
    file_.reset(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file_.valid()) fail("create", path_, errno);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!renamed_) ::unlink(path_.c_str());
  }

  void write(std::string_view content) {
    while (!content.empty()) {
      const ssize_t count = ::write(file_.value(), content.data(), content.size());
      if (count >= 0) {
        content.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno != EINTR) {
        fail("write", path_, errno);
      }
    }
    if (::fsync(file_.value()) != 0) fail("sync", path_, errno);
  }

  void rename_to(const std::string& path) {
    if (::rename(path_.c_str(), path.c_str()) != 0) fail("replace", path, errno);
    renamed_ = true;
  }

 private:
  const std::string path_;
  UniqueFd file_;
  bool renamed_ = false;
};

void sync_folder(const std::string& path) {
  const UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) fail("open", path, errno);
  // EINVAL: a file system that has nothing to sync there.
  if (::fsync(folder.value()) != 0 && errno != EINVAL) fail("sync", path, errno);
}

}  // namespace

void replace_file(const std::string& path, std::string_view content) {
  require_path("replace", path);
  refuse_what_is_no_file(path);
  TemporaryFile temporary(path + ".tmp");
  temporary.write(content);
  temporary.rename_to(path);
  sync_folder(folder_of(path));
}

}  // namespace cpab
