#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cpab/decision/decide.h"
#include "cpab/decision/proposal_choice.h"
#include "tests/vectors/vector_cluster.h"

namespace cpab {

/// The HPA controller for one HPA, made of the product's functions: what lies between them, such as
/// the conditions of the status, is here. Times on the clock of a case are monotonic times.
class HpaController {
 public:
  HpaController(const nlohmann::json& controller, const nlohmann::json& hpa);

  /// Starts with the history of a case instead of an empty one.
  void restore(const nlohmann::json& state);

  /// Takes `min_replicas` and `max_replicas` of the spec or a step.
  void set_bounds(const nlohmann::json& bounds);

  /// One sync with what `step` says is there. Returns its result in the form of a case: `error`
  /// (whether there was one), `scale_written`, `current_replicas`, `desired_replicas`,
  /// `conditions`; and `current_metrics` when metrics were read.
  nlohmann::json sync(const nlohmann::json& step, std::int64_t now_ms);

  /// Compares what is remembered after a sync with `state_after` of a case: the scale events of
  /// each direction, and what the recommendations amount to.
  void check_state(const nlohmann::json& state) const;

 private:
  /// What a sync wants; none when it went wrong.
  std::optional<std::int32_t> wanted(const nlohmann::json& step, std::int32_t current);
  std::optional<std::int32_t> compute(const nlohmann::json& step, std::int32_t current);
  bool selects_its_own_pods(const nlohmann::json& step);
  std::vector<MetricOutcome> outcomes_of(const nlohmann::json& step, std::int32_t current) const;
  Decision normalize(std::int32_t proposal, std::int32_t current);
  void set_conditions_of(const Decision& decision);
  bool write(const nlohmann::json& scale, std::int32_t current, std::int32_t replicas);
  void check_history(const RecommendationHistory& expected, std::chrono::seconds window) const;
  bool is_disabled() const;
  bool has_single_values() const;
  bool is_scaled_to_zero() const;
  void set_condition(const char* type, const char* status, const std::string& reason);
  void remove_condition(const char* type);

  nlohmann::json controller_;
  nlohmann::json metrics_;  ///< of the spec
  ScalingRules rules_;
  std::optional<RecommendationHistory> history_;
  ScaleEventHistory events_;
  nlohmann::json conditions_;
  std::int32_t current_replicas_ = 0;  ///< of the status, as is what follows
  std::int32_t desired_replicas_ = 0;
  nlohmann::json result_;
  Moment now_;
};

}  // namespace cpab
