#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "cpab/decision/decide.h"
#include "cpab/decision/scaling_policies.h"
#include "tests/decision/dice.h"

using namespace cpab;
using namespace std::chrono_literals;

// What is so for every input of decide(), tried on many that are made from a seed. A failure tells
// the case in full; its seed makes it again: `Situation(seed)`.

namespace {

constexpr std::uint64_t cases = 4000;

/// Recommendations of the past, oldest first.
using Past = std::vector<Recommendation>;

RecommendationHistory history_of(const Past& past) {
  RecommendationHistory history;
  for (const Recommendation& recommendation : past) history.add(recommendation);
  return history;
}

/// What a person may have asked for, in force or over.
Override some_override(Dice& dice, const Bounds& bounds, WallTime now) {
  Override manual;
  const auto count = [&] { return dice.number(bounds.minimum, bounds.maximum); };
  if (dice.one_in(3)) {
    manual.replicas = count();
  } else {
    if (dice.one_in(2)) manual.minimum = count();
    if (dice.one_in(2)) manual.maximum = std::max(manual.minimum.value_or(0), count());
  }
  manual.direction = static_cast<Direction>(dice.number(0, static_cast<int>(Direction::none)));
  manual.until = now + std::chrono::seconds(dice.number(-5, 20));
  return manual;
}

std::vector<ScalingPolicy> some_policies(Dice& dice) {
  std::vector<ScalingPolicy> policies;
  for (int count = dice.number(1, 3); count > 0; --count) {
    const bool percent = dice.one_in(2);
    policies.push_back({percent ? ScalingPolicy::Type::percent : ScalingPolicy::Type::pods,
                        percent ? dice.number(1, 200) : dice.number(1, 6),
                        std::chrono::seconds(dice.number(1, 120))});
  }
  return policies;
}

void set_some(Dice& dice, DirectionRules& rules) {
  if (dice.one_in(2)) rules.policies = some_policies(dice);
  rules.select_policy = static_cast<SelectPolicy>(dice.number(0, 2));
}

/// Everything decide() is given.
struct Situation {
  explicit Situation(std::uint64_t seed) : dice(seed) {
    current = dice.one_in(5) ? 0 : dice.replicas();
    wanted = dice.replicas();
    rules.bounds.minimum = dice.one_in(3) ? 0 : dice.number(1, 10);
    rules.bounds.maximum = rules.bounds.minimum + dice.number(0, 10);
    rules.downscale_stabilization = std::chrono::seconds(dice.one_in(3) ? 0 : dice.number(1, 60));
    TimePoint at = now.monotonic - 100s;
    for (int count = dice.number(0, 8); count > 0; --count) {
      at = std::min(now.monotonic, at + std::chrono::seconds(dice.number(0, 30)));
      past.push_back({at, dice.number(0, 20)});
    }
    if (dice.one_in(2)) rules.manual = some_override(dice, rules.bounds, now.wall);
  }

  /// The same where the rules of the HPA hold.
  static Situation of_hpa(std::uint64_t seed) {
    Situation situation(seed);
    Dice& dice = situation.dice;
    situation.rules.as_hpa = true;
    if (!dice.one_in(3)) {
      Behavior& behavior = situation.rules.behavior.emplace();
      set_some(dice, behavior.scale_up);
      set_some(dice, behavior.scale_down);
      behavior.scale_up.stabilization_window = std::chrono::seconds(dice.number(0, 60));
    }
    if (dice.one_in(3)) situation.rules.steps.multiple_of = dice.number(1, 4);
    if (dice.one_in(4)) situation.rules.steps = {.multiple_of = {}, .allowed = {0, 1, 3, 8, 16}};
    TimePoint at = situation.now.monotonic - 200s;
    for (int count = dice.number(0, 6); count > 0; --count) {
      at = std::min(situation.now.monotonic, at + std::chrono::seconds(dice.number(0, 60)));
      situation.events.add({at, dice.number(0, 20), dice.number(0, 20)}, 120s);
    }
    return situation;
  }

  Decision decide_on(const Evaluation& evaluation) const {
    return decide(current, evaluation, rules, history_of(past), now, events);
  }
  Decision decide_it() const { return decide_on({wanted, ""}); }

  bool has_override() const { return rules.manual && rules.manual->in_force(now.wall); }

  bool is_off() const { return current == 0 && rules.bounds.minimum != 0; }

  std::int32_t bounded(std::int32_t replicas) const {
    return std::clamp(replicas, rules.bounds.minimum, rules.bounds.maximum);
  }

  /// The highest that was wanted within the window, now included; what is there stands for a past
  /// that nobody knows.
  std::int32_t highest_of_window() const {
    std::int32_t highest = bounded(wanted);
    if (past.empty()) highest = std::max(highest, bounded(current));
    for (const Recommendation& recommendation : past) {
      if (now.monotonic - recommendation.at >= rules.downscale_stabilization) continue;
      highest = std::max(highest, bounded(recommendation.replicas));
    }
    return highest;
  }

  std::string text() const {
    std::ostringstream out;
    out << "current " << current << ", wanted " << wanted << ", bounds " << rules.bounds.minimum
        << ".." << rules.bounds.maximum
        << (rules.behavior ? ", behavior"
            : rules.as_hpa ? ", as HPA"
                           : "")
        << ", window " << rules.downscale_stabilization.count() << " s, past";
    for (const Recommendation& recommendation : past) {
      const auto age =
          std::chrono::duration_cast<std::chrono::seconds>(now.monotonic - recommendation.at);
      out << ' ' << recommendation.replicas << '@' << age.count() << 's';
    }
    if (has_override()) {
      const Override& manual = *rules.manual;
      out << ", override " << manual.replicas.value_or(-1) << ' ' << manual.minimum.value_or(-1)
          << ".." << manual.maximum.value_or(-1) << ' ' << to_string(manual.direction);
    }
    return out.str();
  }

  Dice dice;
  std::int32_t current = 0;
  std::int32_t wanted = 0;
  ScalingRules rules;
  Past past;
  ScaleEventHistory events;
  Moment now{TimePoint(24h), WallTime(Duration(1'767'225'600'000))};
};

template <typename Check>
void for_every_situation(Check check) {
  for (std::uint64_t seed = 1; seed <= cases; ++seed) {
    Situation situation(seed);
    INFO("seed " << seed << ": " << situation.text());
    check(situation);
  }
}

/// The same, and where the rules of the HPA hold.
template <typename Check>
void for_every_situation_of_any_kind(Check check) {
  for_every_situation(check);
  for (std::uint64_t seed = 1; seed <= cases; ++seed) {
    Situation situation = Situation::of_hpa(seed);
    INFO("seed " << seed << ": " << situation.text());
    check(situation);
  }
}

bool acts(const Decision& decision) {
  return decision.action == Action::scaled || decision.action == Action::unchanged;
}

}  // namespace

TEST_CASE("decide: what is written lies within the bounds", "[decision][property]") {
  int written = 0;
  for_every_situation_of_any_kind([&](const Situation& situation) {
    const Decision decision = situation.decide_it();
    if (decision.action != Action::scaled) return;
    ++written;
    REQUIRE(decision.replicas >= situation.rules.bounds.minimum);
    REQUIRE(decision.replicas <= situation.rules.bounds.maximum);
  });
  CHECK(written > 1000);
}

TEST_CASE("decide: it scales exactly when the count changes", "[decision][property]") {
  for_every_situation_of_any_kind([](const Situation& situation) {
    for (const Evaluation& evaluation :
         {Evaluation{situation.wanted, ""}, Evaluation{std::nullopt, ""}}) {
      const Decision decision = situation.decide_on(evaluation);
      REQUIRE((decision.action == Action::scaled) == (decision.replicas != situation.current));
    }
  });
}

TEST_CASE("decide: who wants more does not get less", "[decision][property]") {
  for_every_situation_of_any_kind([](Situation& situation) {
    const Decision decision = situation.decide_it();
    const std::int32_t more = situation.dice.one_in(2) ? situation.dice.replicas()
                                                       : std::min(situation.wanted, 1'000'000) + 1;
    CAPTURE(more);
    const Decision other = situation.decide_on({more, ""});
    REQUIRE((more >= situation.wanted ? other.replicas >= decision.replicas
                                      : other.replicas <= decision.replicas));
  });
}

TEST_CASE("decide: same inputs, same outputs", "[decision][property]") {
  for_every_situation_of_any_kind(
      [](const Situation& situation) { REQUIRE(situation.decide_it() == situation.decide_it()); });
}

TEST_CASE("decide: recommendations of one moment count in any order", "[decision][property]") {
  for_every_situation([](Situation& situation) {
    for (Recommendation& recommendation : situation.past) {
      recommendation.at = situation.now.monotonic - 10s;
    }
    const Decision decision = situation.decide_it();
    std::reverse(situation.past.begin(), situation.past.end());
    const Decision reversed = situation.decide_it();
    REQUIRE(reversed.replicas == decision.replicas);
    REQUIRE(reversed.steps == decision.steps);
    REQUIRE(reversed.action == decision.action);
  });
}

TEST_CASE("decide: the result is the highest of the window, within the bounds",
          "[decision][property]") {
  int held_up = 0;
  for_every_situation([&](const Situation& situation) {
    if (situation.is_off() || situation.has_override()) return;
    const bool stabilizes = situation.rules.downscale_stabilization > 0s;
    const std::int32_t expected =
        stabilizes ? situation.highest_of_window() : situation.bounded(situation.wanted);
    const Decision decision = situation.decide_it();
    REQUIRE(decision.replicas == expected);
    held_up += expected > situation.bounded(situation.wanted) ? 1 : 0;
  });
  CHECK(held_up > 200);
}

TEST_CASE("decide: a target at zero is left alone unless zero is allowed", "[decision][property]") {
  int off = 0;
  for_every_situation([&](const Situation& situation) {
    const Decision decision = situation.decide_it();
    REQUIRE((decision.action == Action::disabled) == situation.is_off());
    if (!situation.is_off()) return;
    ++off;
    REQUIRE(decision.replicas == 0);
    REQUIRE(decision.history == history_of(situation.past));
  });
  CHECK(off > 100);
}

TEST_CASE("decide: a hold keeps count and history whatever the rules", "[decision][property]") {
  for_every_situation_of_any_kind([](const Situation& situation) {
    if (situation.has_override() && !situation.is_off()) return;
    const Decision decision = situation.decide_on({std::nullopt, "no data"});
    REQUIRE(decision.action == Action::held);
    REQUIRE(decision.replicas == situation.current);
    REQUIRE(decision.history == history_of(situation.past));
  });
}

TEST_CASE("decide: an override is obeyed, within the bounds", "[decision][property]") {
  int obeyed = 0;
  for_every_situation_of_any_kind([&](const Situation& situation) {
    if (situation.is_off() || !situation.has_override()) return;
    ++obeyed;
    const Override& manual = *situation.rules.manual;
    const std::int32_t result = situation.decide_it().replicas;
    if (manual.direction != Direction::both) {
      const bool may_rise = manual.direction == Direction::up;
      const bool may_fall = manual.direction == Direction::down;
      REQUIRE((result <= situation.current || may_rise));
      REQUIRE((result >= situation.current || may_fall));
    } else {
      REQUIRE(result >= manual.replicas.value_or(manual.minimum.value_or(0)));
      REQUIRE(result <= manual.replicas.value_or(manual.maximum.value_or(result)));
    }
  });
  CHECK(obeyed > 500);
}

TEST_CASE("decide: an override that is over changes nothing, and none changes the history",
          "[decision][property]") {
  for_every_situation_of_any_kind([](Situation& situation) {
    const Decision decision = situation.decide_it();
    const bool in_force = situation.has_override();
    situation.rules.manual.reset();
    const Decision without = situation.decide_it();
    REQUIRE(decision.history == without.history);
    if (!in_force) REQUIRE(decision == without);
  });
}

TEST_CASE("decide: the steps lead from what was wanted to the result", "[decision][property]") {
  for_every_situation_of_any_kind([](const Situation& situation) {
    const Decision decision = situation.decide_it();
    std::int32_t at = situation.wanted;
    for (const DecisionStep& step : decision.steps) {
      REQUIRE(step.from == at);
      REQUIRE_FALSE(step.detail.empty());
      at = step.to;
    }
    REQUIRE(at == decision.replicas);
    REQUIRE(decision.limited_by == (decision.steps.empty() ? "" : decision.steps.back().rule));
  });
}

TEST_CASE("decide: the sentence has the numbers of the decision", "[decision][property]") {
  for_every_situation_of_any_kind([](const Situation& situation) {
    const Decision decision = situation.decide_it();
    const std::string sentence =
        describe(decision, situation.current, Evaluation{situation.wanted, ""}, Tense::done);
    const std::string result = decision.action == Action::scaled
                                   ? "scaled " + std::to_string(situation.current) + " -> " +
                                         std::to_string(decision.replicas) + ": "
                                   : "keeping " + std::to_string(situation.current) + ": ";
    const std::string wish =
        decision.steps.empty() ? "" : "wanted " + std::to_string(situation.wanted) + ", ";
    REQUIRE(sentence.substr(0, wish.size() + result.size()) == wish + result);
    REQUIRE(sentence.size() > wish.size() + result.size());
  });
}

TEST_CASE("decide: nothing goes further than the policies allow", "[decision][property]") {
  int limited = 0;
  for (std::uint64_t seed = 1; seed <= cases; ++seed) {
    const Situation situation = Situation::of_hpa(seed);
    const ScalingRules& rules = situation.rules;
    const bool outside = rules.bounds.clamp(situation.current) != situation.current;
    if (!rules.behavior || outside || situation.has_override()) continue;
    INFO("seed " << seed << ": " << situation.text());
    const TimePoint now = situation.now.monotonic;
    const auto highest =
        scale_up_limit(situation.current, rules.behavior->scale_up, situation.events, now);
    const auto lowest =
        scale_down_limit(situation.current, rules.behavior->scale_down, situation.events, now);
    const std::int32_t result = situation.decide_it().replicas;
    REQUIRE(result <= std::max(situation.current, highest.replicas));
    REQUIRE(result >= std::min(situation.current, lowest.replicas));
    limited += result == highest.replicas || result == lowest.replicas ? 1 : 0;
  }
  CHECK(limited > 100);
}

TEST_CASE("decide: once it is carried out, the same wish changes nothing", "[decision][property]") {
  for_every_situation([](const Situation& situation) {
    const Decision decision = situation.decide_it();
    if (!acts(decision)) return;
    const Decision again = decide(decision.replicas, {situation.wanted, ""}, situation.rules,
                                  decision.history, situation.now);
    REQUIRE(again.action == Action::unchanged);
    REQUIRE(again.replicas == decision.replicas);
    REQUIRE(again.history == decision.history);
  });
}

TEST_CASE("decide: over time it agrees with a model that remembers everything",
          "[decision][property]") {
  for_every_situation([](Situation& situation) {
    situation.past.clear();
    situation.rules.manual.reset();
    situation.rules.downscale_stabilization = std::chrono::seconds(situation.dice.number(1, 60));
    situation.current = std::max(1, situation.bounded(situation.current));
    RecommendationHistory history;
    for (int step = 0; step < 12; ++step) {
      situation.wanted = situation.dice.replicas();
      INFO("step " << step << ": " << situation.text());
      const Decision decision = decide(situation.current, {situation.wanted, ""}, situation.rules,
                                       history, situation.now);
      if (situation.is_off()) return;
      REQUIRE(decision.replicas == situation.highest_of_window());
      if (situation.past.empty())
        situation.past.push_back({situation.now.monotonic, situation.current});
      situation.past.push_back({situation.now.monotonic, situation.bounded(situation.wanted)});
      situation.current = decision.replicas;
      history = decision.history;
      const std::chrono::seconds pause(situation.dice.number(0, 30));
      situation.now.monotonic += pause;
      situation.now.wall += pause;
    }
  });
}
