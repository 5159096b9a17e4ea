#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/decision/bounds.h"
#include "cpab/model/evaluation.h"
#include "cpab/model/metric.h"
#include "cpab/model/resource.h"
#include "cpab/model/run_type.h"
#include "cpab/model/scale_target.h"

namespace cpab {

/// What user logic is told: one line of JSON per stage (contract section 3, docs/methods.md). The
/// names on the wire are defined here and nowhere else.

/// preMetric, and metric: `{"resource":…,"runType":…}`. `resource` is the target, or a pod when
/// metrics are gathered per pod; `kubernetes_metrics` holds one line of JSON each and is left out
/// when empty.
std::string metric_input(const Resource& resource, RunType run_type,
                         const std::vector<std::string>& kubernetes_metrics);

/// postMetric: the same plus `metrics`, an array even when there are none.
std::string post_metric_input(const Resource& target, RunType run_type,
                              const std::vector<Metric>& metrics,
                              const std::vector<std::string>& kubernetes_metrics);

/// preEvaluate and evaluate.
std::string evaluate_input(const Resource& target, RunType run_type,
                           const std::vector<Metric>& metrics);

/// postEvaluate: with the evaluation as user logic gave it.
std::string post_evaluate_input(const Resource& target, RunType run_type,
                                const std::vector<Metric>& metrics, const Evaluation& evaluation);

/// Everything a scale hook may see of one scaling step.
struct ScaleInput {
  const Resource& target;
  const ScaleTarget& scale_target;
  Bounds bounds;
  std::int32_t current_replicas;
  std::int32_t wanted_replicas;  ///< what user logic asked for, before any rule
  std::int32_t final_replicas;   ///< what will be written
  RunType run_type;
};

/// preScale and postScale.
std::string scale_input(const ScaleInput& input);

/// `[{"resource":…,"value":…}]`: an empty value is left out, as the reference does.
std::string metrics_json(const std::vector<Metric>& metrics);

/// How long metrics_json() is at the most.
std::size_t metrics_json_size(const std::vector<Metric>& metrics);

/// How long what a stage is told of these is; those about scaling are not much longer either.
std::size_t input_size(const Resource& resource, const std::vector<Metric>& metrics = {},
                       const std::vector<std::string>& kubernetes_metrics = {});

}  // namespace cpab
