#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "cpab/config/load.h"

namespace cpab {

/// A configuration with nothing but what is required, followed by `rest`.
inline std::string with_required_keys(const std::string& rest = {}) {
  return "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}\n"
         "metric: {type: shell, timeout: 1000, shell: {entrypoint: cat}}\n"
         "evaluate: {type: shell, timeout: 1000, shell: {entrypoint: cat}}\n" +
         rest;
}

inline LoadedConfig loaded(const std::string& rest, const Environment& environment = {}) {
  return load_config_text(with_required_keys(rest), "c.yaml", environment);
}

/// The complaints about a whole text; empty when it loads.
inline std::vector<std::string> complaints_about(const std::string& text,
                                                 const Environment& environment = {}) {
  try {
    load_config_text(text, "c.yaml", environment);
    return {};
  } catch (const ConfigError& error) {
    return error.complaints;
  }
}

/// The complaints about the required keys followed by `rest`, whose first line is line 4.
inline std::vector<std::string> complaints(const std::string& rest,
                                           const Environment& environment = {}) {
  return complaints_about(with_required_keys(rest), environment);
}

inline bool any_contains(const std::vector<std::string>& texts, const std::string& part) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

}  // namespace cpab
