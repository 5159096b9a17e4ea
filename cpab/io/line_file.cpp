#include "cpab/io/line_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "cpab/io/errno_text.h"
#include "cpab/io/unique_fd.h"

namespace cpab {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds patience{500};

[[noreturn]] void fail(const char* action, const std::string& path, const std::string& problem) {
  throw FileError(std::string(action) + " " + path + ": " + problem);
}

bool is_pipe(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
}

/// Never waits: neither for somebody to open the other end of a pipe nor for room in it.
UniqueFd open_to_add(const std::string& path) {
  UniqueFd file(::open(path.c_str(),
                       O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0644));
  if (file.valid()) return file;
  const int error = errno;
  fail("open", path,
       error == ENXIO && is_pipe(path) ? "a pipe that nobody reads" : errno_text(error));
}

/// Whether a file ends within a line; `otherwise` where that cannot be seen.
bool ends_within_line(int file, const std::string& path, bool otherwise) {
  struct stat status {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return otherwise;
  if (status.st_size == 0) return false;
  const UniqueFd readable(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  char last = '\n';
  if (!readable.valid() || ::pread(readable.value(), &last, 1, status.st_size - 1) < 0) {
    return otherwise;
  }
  return last != '\n';
}

bool has_room(int file, milliseconds time) {
  pollfd waited{file, POLLOUT, 0};
  return time.count() > 0 && ::poll(&waited, 1, static_cast<int>(time.count())) > 0;
}

}  // namespace

void LineFile::add(std::string line) {
  const UniqueFd file = open_to_add(path_);
  cut_ = ends_within_line(file.value(), path_, cut_);
  if (cut_) line.insert(0, 1, '\n');
  line += '\n';
  write_all(file.value(), line);
  stalled_ = false;
}

void LineFile::write_all(int file, std::string_view text) {
  const auto give_up = Steady::now() + (stalled_ ? milliseconds(0) : patience);
  while (!text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count > 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
      cut_ = !text.empty();
      continue;
    }
    if (count == 0) fail("write", path_, errno_text(ENOSPC));
    if (errno == EINTR) continue;
    if (errno != EAGAIN) fail("write", path_, errno_text(errno));
    const auto left = std::chrono::ceil<milliseconds>(give_up - Steady::now());
    if (has_room(file, left)) continue;
    stalled_ = true;
    fail("write", path_, "it is full, and nobody reads it");
  }
}

}  // namespace cpab
