#include "cpab/io/file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>

#include "cpab/io/errno_text.h"
#include "cpab/io/stop_signals.h"
#include "cpab/io/unique_fd.h"

namespace cpab {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds longest_wait{30'000};
constexpr milliseconds between_looks_for_signals{50};

[[noreturn]] void fail(const char* action, const std::string& path, int error) {
  const std::string message = std::string(action) + " " + path + ": " + errno_text(error);
  if (error == ENOENT || error == ENOTDIR) throw MissingFileError(message);
  throw FileError(message);
}

[[noreturn]] void refuse(const std::string& path, const std::string& problem) {
  throw FileError("read " + path + ": " + problem);
}

[[noreturn]] void refuse_size(const std::string& path, const FileKind& kind) {
  refuse(path, "more than the " + std::to_string(kind.max_bytes) + " bytes that " + kind.name +
                   " may have");
}

const char* name_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

/// Standard input may be a socket, which has no path that could be opened, and shall not become
/// non-blocking for whoever shares it.
UniqueFd open_to_read(const std::string& path) {
  if (path == standard_input) return UniqueFd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

/// Which pipes of the shell are, and those with a name in a file system are not.
bool is_unnamed_pipe(int file) {
  struct statfs system {};
  return ::fstatfs(file, &system) == 0 && system.f_type == PIPEFS_MAGIC;
}

/// One file that is being read.
class Reading {
 public:
  Reading(const std::string& path, const FileKind& kind) : path_(path), kind_(kind) {
    // Before it is opened, which does something with some devices. Opening a named pipe would wait
    // for a writer, so neither does this.
    if (!kind.or_stream) check_mode();
    file_ = open_to_read(path);
    if (!file_.valid()) fail("open", path, errno);
    check_opened();
  }

  std::string content() {
    const auto latest = Steady::now() + longest_wait;
    std::string content;
    std::array<char, 16384> piece;
    for (;;) {
      if (is_stream_) wait(latest);
      const ssize_t count = ::read(file_.value(), piece.data(), piece.size());
      if (count == 0) return content;
      if (count > 0) {
        content.append(piece.data(), static_cast<std::size_t>(count));
        if (content.size() > kind_.max_bytes) refuse_size(path_, kind_);
      } else if (errno != EINTR && errno != EAGAIN) {
        fail("read", path_, errno);
      }
    }
  }

 private:
  void check_mode() const {
    struct stat status {};
    if (::stat(path_.c_str(), &status) != 0) fail("open", path_, errno);
    check_regular(status);
  }

  void check_opened() {
    struct stat status {};
    if (::fstat(file_.value(), &status) != 0) fail("read", path_, errno);
    if (kind_.or_stream) note_stream(status.st_mode);
    if (is_stream_) return;
    check_regular(status);
    // Those of /proc say 0, and any may grow: content() counts as well.
    if (static_cast<std::uintmax_t>(status.st_size) > kind_.max_bytes) refuse_size(path_, kind_);
  }

  void note_stream(mode_t mode) {
    const bool is_opened_already = path_ == standard_input;
    is_terminal_ = S_ISCHR(mode) && ::isatty(file_.value()) == 1;
    is_stream_ = is_terminal_ || S_ISSOCK(mode) ||
                 (S_ISFIFO(mode) && (is_opened_already || is_unnamed_pipe(file_.value())));
  }

  void check_regular(const struct stat& status) const {
    if (S_ISDIR(status.st_mode)) fail("read", path_, EISDIR);
    if (S_ISREG(status.st_mode)) return;
    refuse(path_,
           std::string(name_of(status.st_mode)) + "; " + kind_.name + " has to be a regular file");
  }

  /// Until there is something to read, or the end of it.
  void wait(Steady::time_point latest) const {
    pollfd file{file_.value(), POLLIN, 0};
    do {
      if (StopSignals::one_is_waiting()) refuse(path_, "given up, since cpab was told to end");
      if (!is_terminal_ && Steady::now() > latest) {
        refuse(path_, "it did not come to its end within half a minute");
      }
    } while (::poll(&file, 1, static_cast<int>(between_looks_for_signals.count())) <= 0);
  }

  const std::string& path_;
  const FileKind& kind_;
  UniqueFd file_;
  bool is_stream_ = false;
  bool is_terminal_ = false;
};

}  // namespace

std::string read_file(const std::string& path, const FileKind& kind) {
  const std::size_t end = path.find('\0');
  if (end != std::string::npos) fail("open", path.substr(0, end), EINVAL);
  return Reading(path, kind).content();
}

std::string read_scenario_file(const std::string& path) {
  return read_file(path, file_kind::scenario);
}

}  // namespace cpab
