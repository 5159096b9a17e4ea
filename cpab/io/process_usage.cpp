#include "cpab/io/process_usage.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "cpab/io/file.h"

namespace cpab {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpu_seconds() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::uint64_t max_descriptors() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

/// The one that reading them takes is not counted.
std::uint64_t open_descriptors() {
  std::error_code error;
  std::filesystem::directory_iterator entry("/proc/self/fd", error);
  std::uint64_t count = 0;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) ++count;
  return count > 0 ? count - 1 : 0;
}

/// The number behind `name` in /proc/self/status; those of memory are in KiB.
std::uint64_t status_number(const std::string& status, const std::string& name) {
  const std::size_t at = status.find("\n" + name + ":");
  if (at == std::string::npos) return 0;
  std::istringstream rest(status.substr(at + name.size() + 2, 40));
  std::uint64_t number = 0;
  rest >> number;
  return number;
}

std::string status_text() {
  try {
    return read_file("/proc/self/status");
  } catch (const FileError&) {
    return {};
  }
}

}  // namespace

ProcessUsage process_usage() {
  const std::string status = status_text();
  return {.cpu_seconds = cpu_seconds(),
          .resident_bytes = status_number(status, "VmRSS") * 1'024,
          .virtual_bytes = status_number(status, "VmSize") * 1'024,
          .threads = status_number(status, "Threads"),
          .open_descriptors = open_descriptors(),
          .max_descriptors = max_descriptors()};
}

}  // namespace cpab
