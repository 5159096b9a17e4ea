#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "cpab/config/config.h"
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

/// What every method call shares: where programs are started, what time it is, how much output
/// is too much. The references outlive every method.
struct MethodContext {
  ProcessRunner& processes;
  Clock& clock;
  std::size_t max_output_bytes;
};

/// The method types cpab ships with: `shell` and `http`.
MethodRegistry builtin_methods(const MethodContext& context);

}  // namespace cpab
