#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "cpab/config/config.h"
#include "cpab/decision/behavior.h"
#include "cpab/decision/parity.h"
#include "cpab/methods/method.h"

namespace cpab {

class Clock;
class ProcessRunner;

/// The method types there are, by the name users write in `type`.
class MethodRegistry {
 public:
  using Maker = std::function<std::unique_ptr<Method>(const MethodConfig&)>;

  /// Throws std::logic_error when the type is there already.
  void add(std::string type, Maker maker);

  /// Throws MethodError (`unknown execution method: 'x'`) for an unknown type, and whatever the
  /// maker throws, such as ``missing required 'shell' configuration on method``.
  std::unique_ptr<Method> make(const MethodConfig& config) const;

 private:
  std::map<std::string, Maker> makers_;
};

/// What methods share: where programs are started, what time it is, how much output is too much,
/// and what of the target type `hpa` has to know. The references outlive every method.
struct MethodContext {
  ProcessRunner& processes;
  Clock& clock;
  std::size_t max_output_bytes;
  std::optional<Behavior> behavior = {};  ///< whose tolerances go before that of type `hpa`
  Parity parity = Parity::none;
  std::chrono::seconds max_sample_age{0};  ///< of what type `hpa` is told; 0: any age
  /// That of what is measured, where it is not that of the calls, as in a replay.
  const Clock* sample_clock = nullptr;
};

/// The method types cpab ships with: `shell` and `http`, which call user logic, and `kubernetes`
/// and `hpa`, which are part of cpab.
MethodRegistry builtin_methods(const MethodContext& context);

}  // namespace cpab
