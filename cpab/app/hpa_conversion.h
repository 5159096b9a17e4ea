#pragma once

#include <stdexcept>
#include <string>

namespace cpab {

/// A manifest that cannot be converted. The message says what to do instead.
struct ConversionError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The configuration, as YAML with comments, that scales as the HorizontalPodAutoscaler in
/// `manifest` does: YAML or JSON, one object, several, or a list of them, of autoscaling/v2,
/// v2beta2 or v1. `name` chooses one of several; empty: there is only one. Metrics and behavior go
/// over as they stand. Throws ConversionError.
std::string config_of_hpa(const std::string& manifest, const std::string& name);

}  // namespace cpab
