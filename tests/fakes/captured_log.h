#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "cpab/io/logging.h"

namespace cpab {

/// Collects what is logged while it lives, instead of printing it. One at a time.
class CapturedLog {
 public:
  explicit CapturedLog(std::int32_t verbosity = 0, bool json = false) {
    LogSettings settings;
    settings.json = json;
    settings.verbosity = verbosity;
    settings.output = [this](std::string_view record) {
      const std::scoped_lock lock(mutex_);
      records_.emplace_back(record);
    };
    set_up_logging(settings);
  }
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;
  ~CapturedLog() { set_up_logging({}); }

  /// Whole records, line break included.
  std::vector<std::string> records() const {
    const std::scoped_lock lock(mutex_);
    return records_;
  }

  /// Text records without their time: `INFO  message`.
  std::vector<std::string> messages() const {
    std::vector<std::string> result;
    for (const std::string& record : records()) {
      const std::size_t start = record.find(' ') + 1;
      result.push_back(record.substr(start, record.size() - 1 - start));
    }
    return result;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> records_;  // guarded by mutex_
};

}  // namespace cpab
