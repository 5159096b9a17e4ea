#include "cpab/io/process_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <memory>

namespace cpab {
namespace {

// The content of a file of /proc/<pid>; empty when the process is gone or not ours to look at.
std::string read_of_process(pid_t pid, const char* file) {
  const std::string path = "/proc/" + std::to_string(pid) + '/' + file;
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  char piece[4096];
  while (fd.valid()) {
    const ssize_t count = ::read(fd.value(), piece, sizeof piece);
    if (count > 0) content.append(piece, static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) break;
  }
  return content;
}

template <class Number>
Number to_number(std::string_view text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// The space-separated fields of `stat` from the third on; the second, a name in parentheses, may
// hold anything.
std::vector<std::string_view> fields_after_name(std::string_view stat) {
  std::vector<std::string_view> fields;
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return fields;
  stat.remove_prefix(name_end + 1);
  while (!stat.empty() && fields.size() < 20) {
    stat.remove_prefix(1);
    fields.push_back(stat.substr(0, stat.find(' ')));
    stat.remove_prefix(fields.back().size());
  }
  return fields;
}

}  // namespace

ProcessEntry read_process(pid_t pid) {
  const std::string stat = read_of_process(pid, "stat");
  const auto fields = fields_after_name(stat);
  if (fields.size() < 20) return {};
  ProcessEntry entry;
  entry.parent = to_number<pid_t>(fields[1]);
  entry.group = to_number<pid_t>(fields[2]);
  // A process whose first thread ended reads as a zombie while other threads still run.
  const bool other_threads = to_number<int>(fields[17]) > 1;
  entry.ended = (fields[0] == "Z" || fields[0] == "X") && !other_threads;
  entry.id = {pid, to_number<std::uint64_t>(fields[19])};
  return entry;
}

std::vector<ProcessEntry> read_process_table() {
  std::vector<ProcessEntry> entries;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc"), ::closedir);
  while (directory) {
    const dirent* file = ::readdir(directory.get());
    if (file == nullptr) break;
    const auto pid = to_number<pid_t>(file->d_name);  // 0 for what is not a number
    if (pid <= 0) continue;
    const ProcessEntry entry = read_process(pid);
    if (entry.id.pid != 0) entries.push_back(entry);
  }
  return entries;
}

std::vector<pid_t> adopted_processes() {
  // Orphans are given to the first thread that lives, which is the main one.
  const std::string file = "task/" + std::to_string(::getpid()) + "/children";
  const std::string list = read_of_process(::getpid(), file.c_str());
  std::vector<pid_t> processes;
  std::string_view rest = list;
  while (!rest.empty()) {
    const std::string_view number = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(number.size() + 1, rest.size()));
    processes.push_back(to_number<pid_t>(number));
  }
  return processes;
}

std::string environment_value(pid_t pid, std::string_view name) {
  const std::string environment = read_of_process(pid, "environ");
  std::string_view rest = environment;
  while (!rest.empty()) {
    const std::string_view entry = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=') {
      return std::string(entry.substr(name.size() + 1));
    }
  }
  return {};
}

UniqueFd open_pidfd(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

void send_signal(const ProcessId& process, int signal) {
  // With the descriptor open the number cannot change hands between the check and the signal.
  const UniqueFd fd = open_pidfd(process.pid);
  if (read_process(process.pid).id != process) return;
  if (fd.valid()) {
    ::syscall(SYS_pidfd_send_signal, fd.value(), signal, nullptr, 0);
  } else {
    ::kill(process.pid, signal);
  }
}

}  // namespace cpab
