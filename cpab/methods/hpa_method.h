#pragma once

#include "cpab/decision/parity.h"
#include "cpab/decision/tolerance.h"
#include "cpab/methods/method.h"

namespace cpab {

/// Type `hpa`, for the evaluate stage: the replica formula of the Horizontal Pod Autoscaler
/// (autoscaling/v2) on the metrics of type `kubernetes`. Pure, calls nobody.
class HpaMethod : public Method {
 public:
  explicit HpaMethod(Tolerance tolerance, Parity parity = Parity::none)
      : tolerance_(tolerance), parity_(parity) {}

  /// An evaluation with a proposal per metric, of which the highest counts; a hold when there are
  /// no replicas and all metrics are about their pods. Throws MethodError whose reason is that of
  /// the HPA (`FailedGetResourceMetric`) when no metric can be used, or when one cannot and the
  /// others would scale down.
  std::string run(std::string_view input, std::stop_token stop) override;

 private:
  Tolerance tolerance_;
  Parity parity_;
};

}  // namespace cpab
