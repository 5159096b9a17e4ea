#pragma once

#include <map>
#include <string>

namespace cpab {

/// Where the value of each key came from, in words: `/config.yaml:12`, `environment variable
/// interval`, or `default`. Keys are written as paths such as `metric.shell.entrypoint` and
/// `kubernetesMetricSpecs[0].type`.
class Origins {
 public:
  /// `path` itself was given by `origin`; what is below it may have come from elsewhere.
  void set(const std::string& path, const std::string& origin);

  /// `path` and everything below it was given by `origin`, whatever was known before.
  void replace(const std::string& path, const std::string& origin);

  std::string of(const std::string& path) const;

  /// Whether anything but a default stands behind `path`.
  bool given(const std::string& path) const;

 private:
  std::map<std::string, std::string> own_;    ///< by path
  std::map<std::string, std::string> whole_;  ///< by top-level key
};

}  // namespace cpab
