#include "cpab/io/spawn.h"

#include <spawn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "cpab/io/errno_text.h"
#include "cpab/io/inherited_descriptors.h"
#include "cpab/io/process_runner.h"
#include "cpab/io/start_failure.h"
#include "cpab/model/memory_account.h"

namespace cpab {
namespace {

// The same for every program, so made once.
class Attributes {
 public:
  Attributes() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
  }

  const posix_spawnattr_t* value() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

class FileActions {
 public:
  explicit FileActions(const SpawnRequest& request) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, request.in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, request.out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, request.err, STDERR_FILENO);
    close_the_rest();
  }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }

  const posix_spawn_file_actions_t* value() const { return &actions_; }

 private:
  // In the child, so that nothing that another thread opens meanwhile slips through. Where the C
  // library cannot, there is close_open_descriptors_on_exec().
  void close_the_rest() {
#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 34)
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
#endif
#endif
  }

  posix_spawn_file_actions_t actions_;
};

std::vector<char*> pointers(const std::vector<std::string>& argv) {
  std::vector<char*> result;
  result.reserve(argv.size() + 1);
  // posix_spawn takes char* for history's sake; it does not write to them.
  for (const std::string& arg : argv) result.push_back(const_cast<char*>(arg.c_str()));
  result.push_back(nullptr);
  return result;
}

/// Kernels before 5.8 open a named pipe to see what is in it, and wait for its writer.
bool is_no_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

bool holds_null(const std::vector<std::string>& argv) {
  return std::any_of(argv.begin(), argv.end(),
                     [](const std::string& arg) { return arg.find('\0') != std::string::npos; });
}

/// The errno of what is not even tried; 0 when it may be.
int refusal(const SpawnRequest& request) {
  if (holds_null(request.argv)) return EINVAL;
  return is_no_program(request.path) ? EACCES : 0;
}

}  // namespace

pid_t spawn(const SpawnRequest& request) {
  static const Attributes attributes;
  const FileActions actions(request);
  close_open_descriptors_on_exec();
  pid_t child = -1;
  int error = refusal(request);
  if (error == 0) {
    error = ::posix_spawn(&child, request.path.c_str(), actions.value(), attributes.value(),
                          pointers(request.argv).data(), request.environment);
  }
  if (error == ENOMEM) {
    throw MemoryError("fork/exec " + request.path + ": " + errno_text(error));
  }
  if (error != 0) {
    throw ProcessError("fork/exec " + request.path + ": " + errno_text(error) +
                       start_failure_hint(request.path, error));
  }
  return child;
}

}  // namespace cpab
