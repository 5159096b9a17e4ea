#include "cpab/backtest/scenario.h"

#include <algorithm>

#include "cpab/backtest/decision_load.h"
#include "cpab/backtest/recording_defaults.h"
#include "cpab/backtest/scenario_decoder.h"

namespace cpab {
namespace {

bool needs_files(const Scenario& scenario) {
  const auto mentions = [](const auto& variables) {
    return std::any_of(variables.begin(), variables.end(), [](const auto& variable) {
      return variable.second.find("{files}") != std::string::npos;
    });
  };
  return mentions(scenario.environment) ||
         std::any_of(scenario.services.begin(), scenario.services.end(),
                     [&](const auto& service) { return mentions(service.environment); });
}

bool has_files(const Scenario& scenario) {
  return std::any_of(scenario.shows.begin(), scenario.shows.end(), [](const ShownValue& shown) {
    return shown.place == ShownValue::Place::files;
  });
}

/// More would take the simulated cluster hours.
constexpr std::int32_t most_replicas = 10'000;

/// What each key alone cannot tell.
void check(const Scenario& scenario, std::vector<std::string>& complaints) {
  const auto require = [&](bool fine, const char* problem) {
    if (!fine) complaints.emplace_back(problem);
  };
  require(!scenario.load.empty(), "load is missing or empty; give at least - constant: 100");
  require(scenario.replicas >= 0, "replicas is below 0");
  require(scenario.replicas <= most_replicas, "replicas is above 10000, more than is simulated");
  require(scenario.length > Duration(0), "duration is 0; write such as 24h");
  require(scenario.sample_interval >= Duration(100), "sampleInterval is below 0.1s");
  require(scenario.length / std::max(scenario.sample_interval, Duration(1)) <= 5'000'000,
          "duration holds more than 5,000,000 times sampleInterval; raise that");
  require(!needs_files(scenario) || has_files(scenario),
          "{files} stands for the folder of what is shown as files, and nothing is; add to shows "
          "such as - {files: queue, value: backlog}");
  const auto& latency = scenario.service_level.latency;
  require(
      !latency || latency->count() > 1000 / scenario.capacity_per_replica,
      "serviceLevel.latencyMilliseconds is not above 1000 / capacityPerReplica, which a request "
      "takes without any load; no number of replicas would do");
}

void decode_document(const std::string& text, const std::string& name, const std::string& folder,
                     const FileReader& read, Scenario& scenario, Report& report) {
  try {
    const Document document = parse_document(text);
    Decoder decoder({Source::Kind::scenario, name}, document.language, report);
    ScenarioFields fields(decoder, folder, read);
    decode_scenario(fields, document.root, scenario);
    decoder.note_ignored_text(document);
  } catch (const DocumentError& error) {
    report.complaints.push_back(name + " is neither YAML nor JSON: " + error.what());
  }
}

void decode_log(const std::string& text, const std::string& name, Scenario& scenario,
                Report& report) {
  try {
    RecordedLoad load = parse_decision_load(text, {});
    for (const std::string& remark : load.remarks) report.warnings.push_back(name + ": " + remark);
    scenario.load.emplace_back(std::move(load));
  } catch (const std::runtime_error& error) {
    report.complaints.push_back(name + ": " + error.what());
  }
}

}  // namespace

Scenario parse_scenario(const std::string& text, const std::string& name, const std::string& folder,
                        const FileReader& read) {
  Scenario scenario;
  Report report;
  if (name.ends_with(".jsonl")) {
    decode_log(text, name, scenario, report);
  } else {
    decode_document(text, name, folder, read, scenario, report);
  }
  scenario.remarks = report.warnings;
  if (report.complaints.empty()) {
    apply_recording_defaults(scenario, report.origins, report.complaints);
  }
  if (report.complaints.empty()) check(scenario, report.complaints);
  if (report.complaints.empty()) {
    if (!scenario.service_level.utilization && !scenario.service_level.latency) {
      scenario.service_level.utilization = 1;
    }
    return scenario;
  }
  std::string lines;
  for (const std::string& complaint : report.complaints) {
    lines += (lines.empty() ? "" : "\n") + complaint;
  }
  throw ScenarioError(lines);
}

}  // namespace cpab
