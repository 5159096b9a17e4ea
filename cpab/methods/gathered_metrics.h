#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

#include "cpab/decision/replica_calculator.h"
#include "cpab/methods/sample_age.h"

namespace cpab {

/// A document that is not what the metric type `kubernetes` hands on; the message says where.
struct GatheredMetricsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One element of the document.
struct GatheredMetric {
  MetricSpec spec;
  ReplicaCounts replicas;
  std::variant<Measurement, MetricFailure> result;
  std::string note;  ///< what people have to know about the result; mostly empty
};

/// Reads the document of the metric type `kubernetes` (docs/methods.md) and hands its elements to
/// `take` one after the other, so that the pods of one metric at a time are in memory. What only
/// the complete detail tells may be missing: then nothing was deleted, failed or about to start,
/// and as many replicas are there as are wanted. A pod whose sample is no number (model/measured.h)
/// or older than `age` allows is missing; a single value like that is a failure of its metric.
/// Throws GatheredMetricsError.
void read_gathered_metrics(std::string_view document, const SampleAge& age,
                           const std::function<void(GatheredMetric)>& take);

}  // namespace cpab
