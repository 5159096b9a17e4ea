#include "cpab/backtest/startup_decoder.h"

namespace cpab {
namespace {

using Path = ScenarioFields::Path;

/// Reads a startupTime that is an object: one distribution with its parameters.
class DistributionDecoder {
 public:
  DistributionDecoder(ScenarioFields& fields, Scenario& scenario)
      : fields_(fields), scenario_(scenario) {}

  void read(const Node& node, Path path) {
    scenario_.startup_time = Duration(0);
    fields_.object(node, path,
                   {{"uniform", [this](const Node& inner, Path at) { uniform(inner, at); }},
                    {"normal", [this](const Node& inner, Path at) { normal(inner, at); }},
                    {"lognormal", [this](const Node& inner, Path at) { lognormal(inner, at); }}});
    if (node.members.size() == 1) return;
    complain(node, path, path + " is not one distribution",
             "write a length of time, or one of uniform, normal, lognormal");
  }

 private:
  void uniform(const Node& node, Path path) {
    if (node.kind != Node::Kind::list || node.elements.size() != 2) {
      return complain(node, path, path + " is no pair of times", "write such as [10s, 40s]");
    }
    const auto shortest = fields_.duration_of(node.elements[0], path + "[0]");
    const auto longest = fields_.duration_of(node.elements[1], path + "[1]");
    if (!shortest || !longest) return;
    if (*longest < *shortest) {
      return complain(node, path, path + " ends before it begins", "write such as [10s, 40s]");
    }
    scenario_.startup_time = *shortest;
    scenario_.startup_extra = UniformTime{Duration(0), *longest - *shortest};
  }

  void normal(const Node& node, Path path) {
    NormalTime time;
    fields_.object(
        node, path,
        {fields_.period("mean", time.mean), fields_.duration("deviation", time.deviation)});
    if (time.mean == Duration(0)) {
      complain(node, path, path + " has no mean", "write such as {mean: 20s, deviation: 5s}");
    }
    scenario_.startup_extra = time;
  }

  void lognormal(const Node& node, Path path) {
    LognormalTime time;
    fields_.object(node, path,
                   {fields_.period("median", time.median), fields_.period("p95", time.p95)});
    if (time.median == Duration(0) || time.p95 < time.median) {
      complain(node, path, path + " has no median, or a p95 below it",
               "write such as {median: 20s, p95: 60s}");
    }
    scenario_.startup_extra = time;
  }

  void complain(const Node& node, Path path, const std::string& what, std::string_view hint) {
    fields_.decoder().complain(node, path, what, hint);
  }

  ScenarioFields& fields_;
  Scenario& scenario_;
};

/// Complains when the two keys want different things.
void require_one(ScenarioFields& fields, const Scenario& scenario, const Node& node, Path path) {
  if (scenario.startup_extra == RandomTime()) return;
  fields.decoder().complain(node, path, path + " is the second to say what is random",
                            "write either startupSpread or a distribution as startupTime");
}

}  // namespace

Field startup_time_field(ScenarioFields& fields, Scenario& target) {
  return {"startupTime", [&fields, &target](const Node& node, Path path) {
            if (node.kind != Node::Kind::map) {
              target.startup_time = fields.duration_of(node, path).value_or(target.startup_time);
              return;
            }
            require_one(fields, target, node, path);
            DistributionDecoder(fields, target).read(node, path);
          }};
}

Field startup_spread_field(ScenarioFields& fields, Scenario& target) {
  return {"startupSpread", [&fields, &target](const Node& node, Path path) {
            require_one(fields, target, node, path);
            target.startup_extra =
                UniformTime{Duration(0), fields.duration_of(node, path).value_or(Duration(0))};
          }};
}

}  // namespace cpab
