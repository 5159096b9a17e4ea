#pragma once

#include <string>

namespace cpab {

/// Which object is scaled: Kubernetes' CrossVersionObjectReference plus its namespace.
struct ScaleTarget {
  std::string api_version;  ///< `apps/v1`, or `v1` for the core group
  std::string kind;         ///< `Deployment`
  std::string name;
  std::string namespace_name;

  friend bool operator==(const ScaleTarget&, const ScaleTarget&) = default;
};

/// `Deployment shop in namespace prod`, for messages.
std::string describe(const ScaleTarget& target);

/// `{"apiVersion":"apps/v1","kind":"Deployment","namespace":"prod","name":"shop"}`
std::string to_json(const ScaleTarget& target);

}  // namespace cpab
