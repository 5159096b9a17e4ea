#include "tests/soak/usage.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "cpab/io/file.h"
#include "cpab/io/process_table.h"

namespace cpab {
namespace {

/// The number behind `key` in /proc/PID/status.
std::int64_t status_number(const std::string& status, const std::string& key) {
  const std::size_t at = status.find("\n" + key + ":");
  if (at == std::string::npos) throw FileError("no " + key + " in /proc/PID/status");
  return std::stoll(status.substr(at + key.size() + 2));
}

std::int64_t count_descriptors(pid_t pid) {
  const std::filesystem::directory_iterator all("/proc/" + std::to_string(pid) + "/fd");
  return std::distance(begin(all), end(all));
}

std::int64_t median(std::vector<std::int64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Course course_of(const std::vector<std::int64_t>& values) {
  const auto length = static_cast<std::ptrdiff_t>(values.size() / 4);
  Course course;
  auto start = values.begin();
  for (std::int64_t& quarter : course.medians) {
    quarter = median({start, start + length});
    start += length;
  }
  course.highest = *std::max_element(values.begin(), values.end());
  return course;
}

}  // namespace

Usage usage_of(pid_t pid) {
  const std::string status = read_file("/proc/" + std::to_string(pid) + "/status");
  const std::vector<ProcessEntry> processes = read_process_table();
  const auto count = [&](bool ended) {
    return std::count_if(processes.begin(), processes.end(), [&](const ProcessEntry& process) {
      return process.parent == pid && process.ended == ended;
    });
  };
  return {status_number(status, "VmRSS"),
          status_number(status, "RssAnon"),
          count_descriptors(pid),
          status_number(status, "Threads"),
          count(false),
          count(true)};
}

std::array<Course, limits.size()> courses_of(const std::vector<Usage>& samples) {
  std::array<Course, limits.size()> courses;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    std::vector<std::int64_t> values;
    values.reserve(samples.size());
    for (const Usage& sample : samples) values.push_back(sample[i]);
    courses[i] = course_of(values);
  }
  return courses;
}

}  // namespace cpab
