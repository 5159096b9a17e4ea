#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace cpab {

/// A program on a terminal of its own, 80 columns wide and 24 rows high. Killed when the test ends.
class PseudoTerminal {
 public:
  /// `variables`, each `NAME=value`, are its whole environment.
  PseudoTerminal(const std::vector<std::string>& argv, const std::vector<std::string>& variables);
  ~PseudoTerminal();

  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  /// Waits until it has shown `text`; false when it ends before, or does not within half a minute.
  bool shows(const std::string& text);

  /// Waits for its end: the exit code; none when a signal ended it.
  std::optional<int> wait();

  void type(const std::string& keys) const;

  /// All it has written so far.
  const std::string& screen() const { return screen_; }

 private:
  bool read_some();

  pid_t pid_ = 0;
  int terminal_ = -1;
  std::string screen_;
};

}  // namespace cpab
