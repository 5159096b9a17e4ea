#include "cpab/io/file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>

#include "cpab/io/errno_text.h"
#include "cpab/io/unique_fd.h"

namespace cpab {
namespace {

[[noreturn]] void fail(const char* action, const std::string& path, int error) {
  throw FileError(std::string(action) + " " + path + ": " + errno_text(error));
}

UniqueFd open_to_read(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) fail("open", path, errno);
  return file;
}

}  // namespace

std::string read_file(const std::string& path) {
  const std::size_t end = path.find('\0');
  if (end != std::string::npos) fail("open", path.substr(0, end), EINVAL);
  const UniqueFd file = open_to_read(path);
  std::string content;
  std::array<char, 16384> piece;
  for (;;) {
    const ssize_t count = ::read(file.value(), piece.data(), piece.size());
    if (count == 0) return content;
    if (count > 0) {
      content.append(piece.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      fail("read", path, errno);
    }
  }
}

void append_file(const std::string& path, std::string_view text) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (!file.valid()) fail("open", path, errno);
  const ssize_t count = ::write(file.value(), text.data(), text.size());
  if (count < 0) fail("write", path, errno);
  if (static_cast<std::size_t>(count) < text.size()) fail("write", path, ENOSPC);
}

}  // namespace cpab
