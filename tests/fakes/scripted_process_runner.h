#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cpab/io/process_runner.h"

namespace cpab {

/// Starts nothing: answers every call as told and remembers what it was asked.
class ScriptedProcessRunner : public ProcessRunner {
 public:
  struct Call {
    std::vector<std::string> argv;
    std::string input;
    TimePoint deadline;
    std::size_t max_output_bytes = 0;
  };
  using Answer = std::function<ProcessResult(const ProcessRequest&)>;

  explicit ScriptedProcessRunner(Answer answer) : answer_(std::move(answer)) {}

  ProcessResult run(const ProcessRequest& request) override {
    {
      const std::scoped_lock lock(mutex_);
      calls_.push_back({request.argv, std::string(request.input), request.budget.deadline,
                        request.max_output_bytes});
    }
    return answer_(request);
  }

  std::vector<Call> calls() const {
    const std::scoped_lock lock(mutex_);
    return calls_;
  }

 private:
  const Answer answer_;
  mutable std::mutex mutex_;
  std::vector<Call> calls_;  // guarded by mutex_
};

}  // namespace cpab
