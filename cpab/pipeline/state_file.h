#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "cpab/pipeline/saved_state.h"

namespace cpab {

/// Where the state is kept: one file, replaced as a whole. For one thread at a time, except for
/// what is const.
class StateFile {
 public:
  /// `path` empty: there is none, nothing is read or written.
  explicit StateFile(std::string path) : path_(std::move(path)) {}

  bool enabled() const { return !path_.empty(); }
  const std::string& path() const { return path_; }

  /// None when there is no such file. Throws StateError when there is one that cannot be used.
  std::optional<SavedState> read() const;

  /// Whether it was written. When it is not, that is warned of once, until it works again.
  bool write(const SavedState& state);

  /// Whether the latest write failed.
  bool failing() const { return failing_; }

 private:
  const std::string path_;
  std::atomic<bool> failing_{false};
};

}  // namespace cpab
