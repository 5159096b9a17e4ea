#pragma once

#include <string>

#include "cpab/config/config.h"
#include "cpab/config/report.h"

namespace cpab {

/// Words the findings of the validation. Every text has the form
/// `cause (key, origin); what is allowed`.
class Checker {
 public:
  explicit Checker(Report& report) : report_(report) {}

  /// Complains unless `fine`, or unless `path` or an object around it is broken already.
  void require(bool fine, const std::string& path, const std::string& cause,
               const std::string& allowed);

  /// The same for a value that has to be there.
  void require_text(const std::string& value, const std::string& path, const std::string& allowed);

  void warn(const std::string& path, const std::string& text);

  const Origins& origins() const { return report_.origins; }

 private:
  bool is_broken(const std::string& path) const;
  std::string location(const std::string& path) const;

  Report& report_;
};

/// A stage or hook that is configured; `path` is its key.
void validate_method(const MethodConfig& method, const std::string& path, Checker& checker);

/// `behavior`, also beside `downscaleStabilization`.
void validate_behavior(const Config& config, Checker& checker);

/// `steps`.
void validate_steps(const Config& config, Checker& checker);

/// The method types `kubernetes` and `hpa`: where they may stand, and what they need around them.
void validate_hpa(const Config& config, Checker& checker);

/// One element of `kubernetesMetricSpecs`.
void validate_metric_spec(const MetricSpec& spec, const std::string& path, Checker& checker);

}  // namespace cpab
