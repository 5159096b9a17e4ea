#include "cpab/kubernetes/time_fields.h"

#include <string>

#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/json_fields.h"

namespace cpab {

std::optional<Instant> instant_field(std::string_view object, std::string_view key) {
  const std::string text = string_field(object, key);
  if (text.empty()) return std::nullopt;
  const auto instant = parse_instant(text);
  if (!instant) {
    throw KubernetesError(200, "field '" + std::string(key) + "' is " + excerpt(text) +
                                   ", not a time such as 2024-01-01T00:00:00Z");
  }
  return instant;
}

std::chrono::nanoseconds duration_field(std::string_view object, std::string_view key) {
  const std::string text = string_field(object, key);
  if (text.empty()) return std::chrono::nanoseconds(0);
  const auto duration = parse_go_duration(text);
  if (!duration) {
    throw KubernetesError(200, "field '" + std::string(key) + "' is " + excerpt(text) +
                                   ", not a duration such as 30s");
  }
  return *duration;
}

}  // namespace cpab
