#pragma once

#include <cstdint>
#include <string>

#include "cpab/model/budget.h"
#include "cpab/model/scale_target.h"
#include "cpab/model/time.h"

namespace cpab {

class RestClient;

/// An Event of the core group about an object, from the component `cpab`.
struct KubernetesEvent {
  std::string name;  ///< of the Event itself
  ScaleTarget about;
  std::string uid;  ///< of the object, by which `kubectl describe` finds it
  bool warning = false;
  std::string reason;
  std::string message;  ///< cut to what an API server takes
  WallTime first{};
  WallTime last{};
  std::int32_t count = 1;
};

/// Writes Events. Safe to use from several threads at once. Both functions throw KubernetesError.
class Events {
 public:
  /// The client outlives it.
  explicit Events(RestClient& rest) : rest_(rest) {}

  /// Makes the Event.
  void create(const KubernetesEvent& event, const Budget& budget);

  /// Writes `last` and `count` of an Event that was made before. Event objects are deleted after an
  /// hour by default; the status is then 404.
  void update(const KubernetesEvent& event, const Budget& budget);

 private:
  RestClient& rest_;
};

}  // namespace cpab
