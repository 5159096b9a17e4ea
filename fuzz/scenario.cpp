#include "cpab/backtest/scenario.h"

#include <cmath>

#include "cpab/backtest/load_curve.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

void check_load(const Scenario& scenario) {
  const LoadFunction load = load_curve(scenario.load);
  for (const int share : {0, 1, 3, 7, 8, 9}) {
    const double value = load(scenario.length / 8 * share);
    require(std::isfinite(value) && value >= 0, "a load is a number from 0 on");
  }
}

void check_shown(const Scenario& scenario) {
  const WorldMoment moment{load_curve(scenario.load)(Duration(0)), 3, scenario.capacity_per_replica,
                           1e18};
  for (const ShownValue& shown : scenario.shows) {
    const auto amount = amount_of(shown, moment);
    require(amount && *amount >= 0 && std::isfinite(*amount), "what is shown is a number");
    require(amount_text(*amount).size() <= 63, "what is shown fits into a label");
  }
}

/// What a replay relies on.
void check(const Scenario& scenario) {
  require(!scenario.load.empty(), "there is a load");
  require(scenario.replicas >= 0, "replicas are not negative");
  require(scenario.capacity_per_replica > 0, "a replica can do something");
  require(scenario.length > Duration(0), "a replay takes some time");
  require(scenario.length / scenario.sample_interval <= 5'000'000, "samples can be kept");
  require(longest(scenario.startup_extra) >= Duration(0), "starting takes no negative time");
  check_load(scenario);
  check_shown(scenario);
}

void parse_and_check(const std::string& text, const std::string& name, const std::string& content) {
  try {
    check(parse_scenario(text, name, "", [&](const std::string&) { return content; }));
  } catch (const ScenarioError& error) {
    require(*error.what() != '\0', "an error says something");
  }
}

}  // namespace

void fuzz_scenario(std::string_view input) {
  constexpr std::string_view mark = "\n%%\n";
  const std::size_t end = std::min(input.find(mark), input.size());
  const std::string content(input.substr(std::min(end + mark.size(), input.size())));
  parse_and_check(std::string(input.substr(0, end)), "fuzz.yaml", content);
  parse_and_check(std::string(input), "fuzz.jsonl", "");
}

}  // namespace cpab
