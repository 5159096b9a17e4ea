#pragma once

#include <functional>

#include "cpab/decision/parity.h"
#include "cpab/decision/tolerance.h"
#include "cpab/methods/method.h"
#include "cpab/methods/sample_age.h"

namespace cpab {

/// Type `hpa`, for the evaluate stage: the replica formula of the Horizontal Pod Autoscaler
/// (autoscaling/v2) on the metrics of type `kubernetes`. Calls nobody.
class HpaMethod : public Method {
 public:
  /// `sample_age` is asked for in each run.
  explicit HpaMethod(
      Tolerance tolerance, Parity parity = Parity::none,
      std::function<SampleAge()> sample_age = [] { return SampleAge(); })
      : tolerance_(tolerance), parity_(parity), sample_age_(std::move(sample_age)) {}

  /// An evaluation with a proposal per metric, of which the highest counts; a hold when there are
  /// no replicas and all metrics are about their pods. Throws MethodError whose reason is that of
  /// the HPA (`FailedGetResourceMetric`) when no metric can be used, or when one cannot and the
  /// others would scale down.
  std::string run(std::string_view input, const CallLimits& limits) override;

 private:
  Tolerance tolerance_;
  Parity parity_;
  std::function<SampleAge()> sample_age_;
};

}  // namespace cpab
