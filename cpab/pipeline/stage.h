#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace cpab {

/// The steps of a cycle, in order.
enum class Stage {
  target,
  scale,
  kubernetes_metrics,
  pre_metric,
  pods,
  metric,
  post_metric,
  pre_evaluate,
  evaluate,
  post_evaluate,
  decide,
  pre_scale,
  patch,
  post_scale,
};

/// The name in records and logs, which for user logic is its config key: `preMetric`, `metric`.
std::string_view to_string(Stage stage);

/// A stage failed. `what()` is what the REST API says: the reference's words for the stage, then
/// the cause (contract section 3, table of error wrapping).
struct StageError : std::runtime_error {
  StageError(Stage failed_stage, std::string reason_name, const std::string& cause,
             std::string stdout_tail = {}, std::string stderr_tail = {});

  /// What the log says of a timer run: the same with the loop's own prefix in front.
  std::string log_message() const;

  Stage stage;
  std::string reason;
  std::string out;
  std::string err;
};

}  // namespace cpab
