#include "cpab/decision/decide.h"

#include <algorithm>

#include "cpab/decision/hpa_rules.h"

namespace cpab {
namespace {

std::string text(std::int32_t replicas) { return std::to_string(replicas); }

void apply_bounds(Decision& decision, Bounds bounds) {
  if (decision.replicas < bounds.minimum) {
    decision.apply_minimum(bounds.minimum);
  } else if (decision.replicas > bounds.maximum) {
    decision.apply_maximum(bounds.maximum);
  }
}

/// Whether too little is known of a window to change the count in its direction.
bool begins_anew(const RecommendationHistory& history, const ScalingRules& rules, TimePoint now) {
  if (history.empty()) return true;
  if (!history.interrupted() || rules.parity != Parity::none) return false;
  const auto nothing_known = [&](std::chrono::seconds window) {
    return window.count() > 0 && history.knows_nothing_of(window, now);
  };
  return nothing_known(rules.down_window()) || nothing_known(rules.up_window());
}

void apply_stabilization(Decision& decision, std::int32_t current, const ScalingRules& rules,
                         Moment now) {
  const std::chrono::seconds window = rules.down_window();
  if (window.count() <= 0) {
    decision.history = {};
    return;
  }
  if (begins_anew(decision.history, rules, now.monotonic)) {
    decision.history.add({now.monotonic, current});
  }
  decision.history.prune(now.monotonic, window);
  decision.history.add({now.monotonic, decision.replicas});
  const Recommendation highest = *decision.history.highest();
  // What somebody scaled to by hand, or what other bounds allowed, does not lift the bounds.
  const std::int32_t held = rules.bounds.clamp(highest.replicas);
  if (held <= decision.replicas) return;
  decision.hold_down(held, now.wall_at(highest.at) + window);
}

void apply_manual_counts(Decision& decision, const Override& manual, Bounds bounds) {
  const auto limit = [&](std::int32_t to, const std::string& what) {
    decision.apply("override", "", to, what + text(to) + " replicas " + provenance(manual));
  };
  if (manual.replicas) limit(bounds.clamp(*manual.replicas), "override sets ");
  if (manual.minimum && decision.replicas < bounds.clamp(*manual.minimum)) {
    limit(bounds.clamp(*manual.minimum), "override keeps at least ");
  }
  if (manual.maximum && decision.replicas > bounds.clamp(*manual.maximum)) {
    limit(bounds.clamp(*manual.maximum), "override keeps at most ");
  }
}

void apply_manual_direction(Decision& decision, std::int32_t current, const Override& manual) {
  const auto keep = [&](const std::string& why) {
    decision.apply("override", "", current, why + provenance(manual));
  };
  switch (manual.direction) {
    case Direction::both:
      return;
    case Direction::up:
      if (decision.replicas < current) keep("override allows no scale-down ");
      return;
    case Direction::down:
      if (decision.replicas > current) keep("override allows no scale-up ");
      return;
    case Direction::none:
      return keep("paused ");
  }
}

void apply_override(Decision& decision, std::int32_t current, const ScalingRules& rules,
                    WallTime now) {
  if (!rules.manual || !rules.manual->in_force(now)) return;
  apply_manual_counts(decision, *rules.manual, rules.bounds);
  apply_manual_direction(decision, current, *rules.manual);
}

std::string outcome(const Decision& decision, std::int32_t current, Tense tense) {
  // A count that somebody else has just set is kept, too.
  const bool keeps = decision.action == Action::held || decision.replicas == current;
  if (keeps) return "keeping " + text(decision.replicas);
  return (tense == Tense::done ? "scaled " : "would scale ") + text(current) + " -> " +
         text(decision.replicas);
}

Decision hold(std::int32_t current, const RecommendationHistory& history) {
  Decision decision{.replicas = current, .action = Action::held, .history = history};
  decision.history.interrupt();
  decision.apply("hold", "", current, "evaluation asked to hold");
  return decision;
}

Decision disabled(Decision decision, Bounds bounds) {
  decision.apply("disabled", "ScalingDisabled", 0,
                 "autoscaling is disabled while the target has 0 replicas and minReplicas is " +
                     text(bounds.minimum));
  decision.action = Action::disabled;
  decision.history.interrupt();
  return decision;
}

bool is_switched_off(std::int32_t current, const ScalingRules& rules) {
  return current == 0 && rules.bounds.minimum != 0;
}

}  // namespace

void Decision::apply(const char* rule, const char* reason, std::int32_t to, std::string detail) {
  steps.push_back({rule, replicas, to, std::move(detail), reason});
  replicas = to;
  limited_by = rule;
}

void Decision::apply_minimum(std::int32_t to) {
  apply("minReplicas", "TooFewReplicas", to, "minReplicas is " + text(to));
}

void Decision::apply_maximum(std::int32_t to) {
  apply("maxReplicas", "TooManyReplicas", to, "maxReplicas is " + text(to));
}

void Decision::hold_down(std::int32_t to, WallTime until) {
  apply("stabilization", "ScaleDownStabilized", to,
        "scale-down stabilization holds " + text(to) + " until " + time_of_day(until));
}

void Decision::apply_steps(std::int32_t allowed) {
  if (allowed != replicas) apply("steps", "", allowed, "steps allow " + text(allowed));
}

Decision decide(std::int32_t current, const Evaluation& evaluation, const ScalingRules& rules,
                const RecommendationHistory& history, Moment now, const ScaleEventHistory& events) {
  const bool switched_off = is_switched_off(current, rules);
  Decision decision;
  if (evaluation.hold()) {
    decision = hold(current, history);
    if (switched_off) return decision;
  } else {
    decision = {.replicas = *evaluation.target_replicas, .history = history};
    if (rules.hpa_rules() && begins_anew(history, rules, now.monotonic)) {
      decision.history.add({now.monotonic, current});
    }
    if (!rules.hpa_rules() || switched_off || !rules.steps.allows_any()) {
      apply_bounds(decision, rules.bounds);
      decision.apply_steps(rules.steps.round_up(decision.replicas, rules.bounds));
    }
    if (switched_off) return disabled(std::move(decision), rules.bounds);
    if (rules.hpa_rules()) {
      apply_hpa_rules(decision, current, rules, events, now);
    } else {
      apply_stabilization(decision, current, rules, now);
    }
  }
  apply_override(decision, current, rules, now.wall);
  if (decision.replicas != current) decision.action = Action::scaled;
  return decision;
}

std::optional<Decision> decide_unasked(std::int32_t current, const ScalingRules& rules,
                                       const RecommendationHistory& history, Moment now) {
  Decision decision{.replicas = current, .history = history};
  if (is_switched_off(current, rules)) return disabled(std::move(decision), rules.bounds);
  if (rules.parity == Parity::none || rules.bounds.clamp(current) == current) return std::nullopt;
  apply_hpa_rules(decision, current, rules, {}, now);
  apply_override(decision, current, rules, now.wall);
  if (decision.replicas != current) decision.action = Action::scaled;
  return decision;
}

std::string describe(const Decision& decision, std::int32_t current,
                     const std::optional<Evaluation>& evaluation, Tense tense) {
  std::string line;
  if (!decision.steps.empty() && evaluation && evaluation->target_replicas) {
    line = "wanted " + text(*evaluation->target_replicas) + ", ";
  }
  line += outcome(decision, current, tense) + ": ";
  line += decision.steps.empty() ? "evaluation asked for " + text(decision.replicas)
                                 : decision.steps.back().detail;
  if (evaluation && !evaluation->reason.empty()) line += " (" + evaluation->reason + ")";
  return line;
}

}  // namespace cpab
