#include "cpab/io/inherited_descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

namespace cpab {
namespace {

void open_missing_standard_streams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
    ::open("/dev/null", O_RDWR);  // takes the lowest free number, which is fd
  }
}

// For kernels before 5.11, which do not know the flag of close_range.
void mark_one_by_one() {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc/self/fd"), ::closedir);
  if (!directory) return;
  while (const dirent* entry = ::readdir(directory.get())) {
    const int fd = std::atoi(entry->d_name);  // "." and ".." become 0
    if (fd > STDERR_FILENO) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
}

}  // namespace

void close_inherited_descriptors_on_exec() {
  open_missing_standard_streams();
  close_open_descriptors_on_exec();
}

void close_open_descriptors_on_exec() {
  const long failed = ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  if (failed != 0) mark_one_by_one();
}

}  // namespace cpab
