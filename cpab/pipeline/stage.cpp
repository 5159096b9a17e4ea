#include "cpab/pipeline/stage.h"

#include "cpab/model/utf8.h"

namespace cpab {
namespace {

struct StageTexts {
  std::string_view name;
  std::string_view api_prefix;
  std::string_view log_prefix;
};

StageTexts texts(Stage stage) {
  switch (stage) {
    case Stage::target:
      return {"target", "", "failed to get managed resource"};
    case Stage::scale:
      return {"scale", "failed to get scale subresource for resource",
              "failed to get scale subresource"};
    case Stage::kubernetes_metrics:
      return {"kubernetesMetrics", "", "failed to get metrics"};
    case Stage::pre_metric:
      return {"preMetric", "failed to run pre-metric hook", "failed to get metrics"};
    case Stage::pods:
      return {"pods", "failed to get pods being managed", "failed to get metrics"};
    case Stage::metric:
      return {"metric", "failed to gather metrics", "failed to get metrics"};
    case Stage::post_metric:
      return {"postMetric", "failed to run post-metric hook", "failed to get metrics"};
    case Stage::pre_evaluate:
      return {"preEvaluate", "failed run pre-evaluate hook", "failed get evaluation"};
    case Stage::evaluate:
      return {"evaluate", "failed to get evaluation", "failed get evaluation"};
    case Stage::post_evaluate:
      return {"postEvaluate", "failed run post-evaluate hook", "failed get evaluation"};
    case Stage::decide:
      return {"decide", "", "failed to scale resource"};
    case Stage::pre_scale:
      return {"preScale", "failed run pre-scaling hook", "failed to scale resource"};
    case Stage::patch:
      return {"patch", "failed to apply scaling changes to resource", "failed to scale resource"};
    case Stage::post_scale:
      return {"postScale", "failed to run post-scaling hook", "failed to scale resource"};
  }
  return {};
}

// The parser's message already starts with the words the API shows for it.
bool prefixed(std::string_view reason) { return reason != "invalid_evaluation"; }

/// Room for a body of 4 KiB that is quoted with each byte escaped.
constexpr std::size_t longest_cause = 20u << 10;

std::string with_prefix(std::string_view prefix, const std::string& cause) {
  return prefix.empty() ? cause : std::string(prefix) + ": " + cause;
}

}  // namespace

std::string_view to_string(Stage stage) { return texts(stage).name; }

StageError::StageError(Stage failed_stage, std::string reason_name, const std::string& cause,
                       std::string stdout_tail, std::string stderr_tail)
    : std::runtime_error(with_prefix(prefixed(reason_name) ? texts(failed_stage).api_prefix : "",
                                     cut_short(cause, longest_cause))),
      stage(failed_stage),
      reason(std::move(reason_name)),
      out(std::move(stdout_tail)),
      err(std::move(stderr_tail)) {}

std::string StageError::log_message() const { return with_prefix(texts(stage).log_prefix, what()); }

}  // namespace cpab
