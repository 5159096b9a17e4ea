// A library to be preloaded into a program, whose wall clock it sets off by the seconds that stand
// in the file named by SHIFTED_CLOCK: what an administrator or a time service does to a machine.
// Clocks that do not jump are left alone.

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <ctime>

namespace {

// System calls only: the C library's functions may be those of a sanitizer that is not ready yet,
// or the very ones that are replaced here.
long offset() {
  const char* path = std::getenv("SHIFTED_CLOCK");
  if (path == nullptr) return 0;
  const long fd = ::syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return 0;
  char text[32] = {};
  const long size = ::syscall(SYS_read, fd, text, sizeof text);
  ::syscall(SYS_close, fd);
  long seconds = 0;
  if (size > 0) std::from_chars(text, text + size, seconds);
  return seconds;
}

int real_time(clockid_t clock, timespec* time) {
  return static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const int result = real_time(clock, time);
  const bool is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (result == 0 && is_wall) time->tv_sec += offset();
  return result;
}

int gettimeofday(timeval* time, void*) noexcept {
  timespec now{};
  const int result = clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return result;
}

time_t time(time_t* result) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != nullptr) *result = now.tv_sec;
  return now.tv_sec;
}

}  // extern "C"
