#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace cpab {

/// The `/scale` subresource of a target (autoscaling/v1 Scale).
struct Scale {
  std::string name;  ///< `metadata.name`
  std::string uid;   ///< `metadata.uid`; empty when absent
  /// `spec.replicas` as it stood in the JSON: the API server leaves it out when it is 0, and a
  /// JSON-patch `test` has to name exactly what is there.
  std::optional<std::int32_t> spec_replicas;
  std::int32_t status_replicas = 0;
  /// `status.selector`, normalised: keys sorted, `==` written `=`, set values sorted. Empty means
  /// the scale names no pods, never every pod.
  std::string selector;

  /// The wanted count; an absent `spec.replicas` is 0.
  std::int32_t replicas() const { return spec_replicas.value_or(0); }

  friend bool operator==(const Scale&, const Scale&) = default;
};

}  // namespace cpab
