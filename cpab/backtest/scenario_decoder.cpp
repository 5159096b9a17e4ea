#include "cpab/backtest/scenario_decoder.h"

#include "cpab/backtest/load_decoder.h"
#include "cpab/backtest/shown_decoder.h"
#include "cpab/backtest/startup_decoder.h"

namespace cpab {
namespace {

using Path = ScenarioFields::Path;

Field service_level(ScenarioFields& fields, ServiceLevel& target) {
  return {"serviceLevel", [&](const Node& node, Path path) {
            double utilization = 0;
            double milliseconds = 0;
            fields.object(node, path,
                          {fields.positive("utilization", utilization),
                           fields.positive("latencyMilliseconds", milliseconds)});
            if (utilization > 1) {
              fields.decoder().complain(node, path, path + ".utilization is above 1",
                                        "it is a share of the capacity, such as 0.8");
            } else if (utilization > 0) {
              target.utilization = utilization;
            }
            if (milliseconds > 0) {
              target.latency = std::chrono::duration<double, std::milli>(milliseconds);
            }
          }};
}

Field external_metrics(ScenarioFields& fields, std::vector<ScenarioMetric>& target) {
  return {"externalMetrics", [&](const Node& node, Path path) {
            fields.list(node, path, [&](const Node& element, Path at) {
              ScenarioMetric metric;
              fields.object(
                  element, at,
                  {fields.plain("name", metric.name), fields.quantity("value", metric.value),
                   fields.plain("labels", metric.labels)});
              if (metric.name.empty() || metric.value.empty()) {
                fields.decoder().complain(element, at, at + " has no name or no value",
                                          "write such as {name: queue, value: 4}");
              }
              target.push_back(std::move(metric));
            });
          }};
}

Field faults(ScenarioFields& fields, std::vector<ScenarioFault>& target) {
  return {"faults", [&](const Node& node, Path path) {
            fields.list(node, path, [&](const Node& element, Path at) {
              ScenarioFault fault;
              fields.object(element, at,
                            {fields.duration("at", fault.at), fields.period("for", fault.lasts),
                             fields.plain("what", fault.what)});
              fields.require(element, at, {"for"});
              if (fault.what != "api" && fault.what != "metrics" && fault.what != "shows") {
                fields.decoder().complain(element, at + ".what", at + ".what is none of them",
                                          "write api, metrics or shows");
              }
              target.push_back(fault);
            });
          }};
}

Field rollouts(ScenarioFields& fields, std::vector<ScenarioRollout>& target) {
  return {"rollouts", [&](const Node& node, Path path) {
            fields.list(node, path, [&](const Node& element, Path at) {
              ScenarioRollout rollout;
              fields.object(element, at, {fields.duration("at", rollout.at)});
              fields.require(element, at, {"at"});
              target.push_back(rollout);
            });
          }};
}

/// Variables of the environment.
Field environment_field(ScenarioFields& fields, std::map<std::string, std::string>& target) {
  return {"environment", [&](const Node& node, Path path) {
            decode(fields.decoder(), node, path, target);
            for (const auto& [name, value] : target) {
              if (!name.empty() && name.find('=') == std::string::npos) continue;
              fields.decoder().complain(node, path, path + " has a name that no variable has",
                                        "write such as {METRIC_URL: \"{http}/jobs\"}");
            }
          }};
}

Field services(ScenarioFields& fields, std::vector<ScenarioService>& target) {
  return {"services", [&](const Node& node, Path path) {
            fields.list(node, path, [&](const Node& element, Path at) {
              ScenarioService service;
              fields.object(element, at,
                            {fields.plain("command", service.command),
                             environment_field(fields, service.environment),
                             fields.plain("ready", service.ready)});
              if (service.command.empty() || service.ready.empty()) {
                fields.decoder().complain(
                    element, at, at + " has no command, or no address at which it is ready",
                    "write such as {command: [python3, service.py], ready: "
                    "\"http://127.0.0.1:8900/healthz\"}");
              }
              target.push_back(std::move(service));
            });
          }};
}

}  // namespace

void decode_scenario(ScenarioFields& fields, const Node& root, Scenario& scenario) {
  fields.object(
      root, "",
      {fields.time("start", scenario.start), fields.duration("duration", scenario.length),
       fields.plain("replicas", scenario.replicas),
       fields.positive("capacityPerReplica", scenario.capacity_per_replica),
       startup_time_field(fields, scenario), startup_spread_field(fields, scenario),
       fields.duration("shutdownTime", scenario.shutdown_time),
       fields.quantity("cpuRequest", scenario.cpu_request),
       fields.positive("cpuAtCapacity", scenario.cpu_at_capacity), fields.seed(scenario.seed),
       fields.duration("sampleInterval", scenario.sample_interval),
       load_field(fields, scenario.load), shows_field(fields, scenario.shows),
       environment_field(fields, scenario.environment), services(fields, scenario.services),
       external_metrics(fields, scenario.external_metrics),
       service_level(fields, scenario.service_level), faults(fields, scenario.faults),
       rollouts(fields, scenario.rollouts)});
}

}  // namespace cpab
