#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/temporary_directory.h"

namespace cpab {

/// How long a test waits for what has to happen: long enough for a sanitizer on a busy machine, and
/// all of it passes only where a test fails.
inline constexpr std::chrono::seconds patience{75};

/// Waits for what another process or thread is about to do; false when that takes too long.
bool soon(const std::function<bool()>& happened);

/// A program that runs beside the test. Everything it starts carries a mark in its environment, by
/// which it is found again, and killed when the test ends.
class Program {
 public:
  using Variables = std::map<std::string, std::string>;

  /// Starts `argv[0]`, a path or a name in PATH, with `variables` and PATH as its whole
  /// environment.
  explicit Program(const std::vector<std::string>& argv, const Variables& variables = {});
  ~Program();

  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;

  /// What it has printed so far.
  std::string out() const;
  std::string err() const;

  /// Waits until it has ended: its exit code, or 128 + the signal that killed it. None when it
  /// still runs after half a minute.
  std::optional<int> wait();

  /// Whether it has ended by now.
  bool ended();

  /// Whatever it has started, itself included, that still runs; zombies do not.
  std::vector<pid_t> survivors() const;

 private:
  TemporaryDirectory folder_;
  const std::string mark_;
  pid_t pid_ = 0;
  std::optional<int> exit_code_;
};

/// How a program ended.
struct Outcome {
  int exit_code = -1;  ///< -1: not at all
  std::string out;
  std::string err;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Runs a program to its end.
Outcome run_program(const std::vector<std::string>& argv, const Program::Variables& variables = {});

}  // namespace cpab
