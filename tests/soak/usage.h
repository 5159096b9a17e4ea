#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cpab {

/// A thing that a daemon must not get more and more of.
struct Limit {
  const char* name;
  std::int64_t growth;  ///< from the median of the second quarter to that of the last
  std::int64_t peak;    ///< at any moment
};

/// Memory in KiB. Growth is what the noise of a busy machine comes to, and for descriptors the
/// connections that are kept for the next request: to the API server and to http logic, one for
/// each of the five who make cycles here, and the four of clients. Peaks are what the calls under
/// way at one moment may add up to.
inline constexpr std::array<Limit, 6> limits = {{
    {"resident KiB", 2048, 96 << 10},
    {"anonymous KiB", 2048, 64 << 10},
    {"descriptors", 16, 128},
    {"threads", 4, 64},
    {"children", 4, 64},
    {"zombies", 1, 32},
}};
inline constexpr std::size_t memory_limits = 2;  ///< the first ones are about memory

/// What a process holds at one moment, in the order of `limits`.
using Usage = std::array<std::int64_t, limits.size()>;

/// Looks into /proc. Throws FileError when the process is gone.
Usage usage_of(pid_t pid);

/// How one thing went over the whole time.
struct Course {
  std::array<std::int64_t, 4> medians{};  ///< of each quarter; the first is the warm-up
  std::int64_t highest = 0;

  std::int64_t growth() const { return medians[3] - medians[1]; }
};

/// The course of each of the things in `limits`. There are at least eight samples.
std::array<Course, limits.size()> courses_of(const std::vector<Usage>& samples);

}  // namespace cpab
