#include "cpab/decision/decide.h"

#include <algorithm>

namespace cpab {
namespace {

std::string text(std::int32_t replicas) { return std::to_string(replicas); }

void apply(Decision& decision, const char* rule, std::int32_t to, std::string detail) {
  decision.steps.push_back({rule, decision.replicas, to, std::move(detail)});
  decision.replicas = to;
  decision.limited_by = rule;
}

void apply_bounds(Decision& decision, Bounds bounds) {
  if (decision.replicas < bounds.minimum) {
    apply(decision, "minReplicas", bounds.minimum, "minReplicas is " + text(bounds.minimum));
  } else if (decision.replicas > bounds.maximum) {
    apply(decision, "maxReplicas", bounds.maximum, "maxReplicas is " + text(bounds.maximum));
  }
}

// A configured window may be as large as int64 seconds; sums with it must not overflow.
constexpr std::chrono::seconds longest_window = std::chrono::years(100);

void apply_stabilization(Decision& decision, std::int32_t current,
                         std::chrono::seconds configured_window, Moment now) {
  const std::chrono::seconds window = std::min(configured_window, longest_window);
  if (window.count() <= 0) {
    decision.history = {};
    return;
  }
  if (decision.history.empty()) decision.history.add({now.monotonic, current});
  decision.history.prune(now.monotonic, window);
  decision.history.add({now.monotonic, decision.replicas});
  const Recommendation highest = *decision.history.highest();
  if (highest.replicas <= decision.replicas) return;
  const Duration age = now.monotonic - highest.at;
  apply(decision, "stabilization", highest.replicas,
        "scale-down stabilization holds " + text(highest.replicas) + " until " +
            time_of_day(now.wall - age + window));
}

/// `scaled 3 -> 5` is said by whoever has done it; until then it is a plan.
std::string outcome(const Decision& decision, std::int32_t current) {
  if (decision.replicas == current) return "keeping " + text(current);
  return "scaling " + text(current) + " -> " + text(decision.replicas);
}

std::string sentence(const Decision& decision, std::int32_t current, const Evaluation& evaluation) {
  const std::string result = outcome(decision, current);
  std::string line = decision.steps.empty()
                         ? result + ": evaluation asked for " + text(decision.replicas)
                         : "wanted " + text(*evaluation.target_replicas) + ", " + result + ": " +
                               decision.steps.back().detail;
  if (!evaluation.reason.empty()) line += " (" + evaluation.reason + ")";
  return line;
}

Decision hold(std::int32_t current, const Evaluation& evaluation,
              const RecommendationHistory& history) {
  Decision decision{.replicas = current, .action = Action::held, .history = history};
  const std::string why = evaluation.reason.empty() ? "evaluation asked to hold" : evaluation.reason;
  decision.steps.push_back({"hold", current, current, why});
  decision.limited_by = "hold";
  decision.message = "keeping " + text(current) + ": " +
                     (evaluation.reason.empty() ? why : "evaluation asked to hold (" + why + ")");
  return decision;
}

Decision disabled(Decision decision, Bounds bounds) {
  const std::string why =
      "autoscaling is disabled while the target has 0 replicas and minReplicas is " +
      text(bounds.minimum);
  apply(decision, "disabled", 0, why);
  decision.action = Action::disabled;
  decision.message = "keeping 0: " + why;
  return decision;
}

}  // namespace

Decision decide(std::int32_t current, const Evaluation& evaluation, const ScalingRules& rules,
                const RecommendationHistory& history, Moment now) {
  if (evaluation.hold()) return hold(current, evaluation, history);

  Decision decision{.replicas = *evaluation.target_replicas, .history = history};
  apply_bounds(decision, rules.bounds);
  if (current == 0 && rules.bounds.minimum != 0) return disabled(std::move(decision), rules.bounds);
  apply_stabilization(decision, current, rules.downscale_stabilization, now);
  decision.action = decision.replicas == current ? Action::unchanged : Action::scaled;
  decision.message = sentence(decision, current, evaluation);
  return decision;
}

}  // namespace cpab
