#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "cpab/methods/method.h"

namespace cpab {

/// User logic that follows a script: answers in order, the last one again and again, and keeps
/// what it was given.
class ScriptedMethod final : public Method {
 public:
  using Answer = std::function<std::string(std::string_view input, std::stop_token stop)>;

  explicit ScriptedMethod(Answer answer) : answer_(std::move(answer)) {}
  explicit ScriptedMethod(std::string answer)
      : answer_([answer](std::string_view, std::stop_token) { return answer; }) {}

  /// A method that always fails as a program exiting with 1 does.
  static ScriptedMethod failing(std::string message = "exit status 1") {
    return ScriptedMethod([message](std::string_view, std::stop_token) -> std::string {
      throw MethodError("exit", message, "some output", "some complaint");
    });
  }

  ScriptedMethod(ScriptedMethod&& other) noexcept : answer_(std::move(other.answer_)) {}

  std::string run(std::string_view input, const CallLimits& limits) override {
    {
      const std::lock_guard lock(mutex_);
      inputs_.emplace_back(input);
    }
    std::string answer = answer_(input, limits.stop);
    if (limits.memory != nullptr) limits.memory->grow(answer.size());
    return answer;
  }

  std::vector<std::string> inputs() const {
    const std::lock_guard lock(mutex_);
    return inputs_;
  }

 private:
  Answer answer_;
  mutable std::mutex mutex_;
  std::vector<std::string> inputs_;
};

}  // namespace cpab
