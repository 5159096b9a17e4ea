#include "cpab/backtest/report.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "cpab/backtest/decision_runs.h"
#include "cpab/backtest/drawing.h"
#include "cpab/backtest/measures.h"
#include "cpab/backtest/report_page.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

using Json = nlohmann::ordered_json;
using Indices = std::vector<std::size_t>;

// A day of samples every 15 s is drawn as it is. Decisions and their texts are what a file of one
// or two MiB at the most has room for.
constexpr std::size_t most_samples = 6000;
constexpr std::size_t most_stretches = 2000;
constexpr std::size_t most_decisions = 3000;
constexpr std::size_t longest_sentence = 400;  // bytes
constexpr std::size_t longest_output = 1500;   // bytes

double seconds(Duration length) { return std::chrono::duration<double>(length).count(); }

/// To four digits, which is finer than a chart.
double rounded(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.4g", value);
  return std::strtod(text.data(), nullptr);
}

std::string shortened(const std::string& text, std::size_t limit) {
  const std::string_view start = utf8_prefix(text, limit);
  return start.size() == text.size() ? text : std::string(start) + " …";
}

/// `[value, times, value, times, ...]`
Json runs_of(const std::vector<std::size_t>& values) {
  Json runs = Json::array();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0 && values[i] == values[i - 1]) {
      runs.back() = runs.back().get<std::size_t>() + 1;
    } else {
      runs.insert(runs.end(), {values[i], 1});
    }
  }
  return runs;
}

Json column(const Timeline& timeline, const Indices& drawn, std::int32_t Sample::*value) {
  std::vector<std::size_t> values;
  for (const std::size_t i : drawn) values.push_back(static_cast<std::size_t>(timeline[i].*value));
  return runs_of(values);
}

/// From one to the next, the first from 0.
Json steps_of(const Indices& drawn) {
  std::vector<std::size_t> steps;
  std::size_t last = 0;
  for (const std::size_t i : drawn) {
    steps.push_back(i - last);
    last = i;
  }
  return runs_of(steps);
}

Json loads(const Timeline& timeline, const Indices& drawn) {
  Json loads = Json::array();
  for (const std::size_t i : drawn) loads.push_back(rounded(timeline[i].load));
  return loads;
}

Json violations(const Timeline& timeline) {
  std::vector<Stretch> stretches = violated_stretches(timeline, 0);
  if (stretches.size() > most_stretches) {
    stretches = violated_stretches(timeline, timeline.size() / most_stretches);
  }
  Json json = Json::array();
  for (const Stretch& stretch : stretches) json.push_back({stretch.first, stretch.count});
  return json;
}

/// Texts that are told by number, since they come again and again.
class Texts {
 public:
  std::size_t number_of(const std::string& text) {
    const auto [place, is_new] = numbers_.try_emplace(text, numbers_.size());
    if (is_new) json_.push_back(text);
    return place->second;
  }
  const Json& json() const { return json_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  Json json_ = Json::array();
};

class ReportData {
 public:
  ReportData(const std::string& scenario_name, const Scenario& scenario,
             const std::vector<ReportedReplay>& replays)
      : scenario_(scenario), replays_(replays) {
    std::vector<const Timeline*> timelines;
    timelines.reserve(replays.size());
    for (const ReportedReplay& replay : replays) timelines.push_back(&replay.result.timeline);
    drawn_ = drawn_samples(timelines, most_samples);
    data_["scenario"] = scenario_json(scenario_name);
    add_samples();
    for (const ReportedReplay& replay : replays) data_["replays"].push_back(replay_json(replay));
    data_["texts"] = texts_.json();
    data_["figures"] = figures();
  }

  /// A `<` could end the element that holds the data.
  std::string text() const {
    const std::string json = data_.dump(-1, ' ', false, Json::error_handler_t::replace);
    std::string text;
    for (const char c : json) c == '<' ? text += "\\u003c" : text += c;
    return text;
  }

 private:
  Json scenario_json(const std::string& name) const {
    Json json = {{"name", name},
                 {"start", rfc3339_seconds(scenario_.start)},
                 {"length", seconds(scenario_.length)},
                 {"sampleInterval", seconds(scenario_.sample_interval)},
                 {"capacityPerReplica", scenario_.capacity_per_replica}};
    const ServiceLevel& level = scenario_.service_level;
    if (level.utilization) json["utilization"] = *level.utilization;
    if (level.latency) json["latencyMilliseconds"] = level.latency->count();
    json["faults"] = Json::array();
    for (const ScenarioFault& fault : scenario_.faults) {
      json["faults"].push_back(
          {{"at", seconds(fault.at)}, {"for", seconds(fault.lasts)}, {"what", fault.what}});
    }
    return json;
  }

  /// What is the same in all replays.
  void add_samples() {
    const Timeline& timeline = replays_.front().result.timeline;
    data_["samples"] = timeline.size();
    data_["drawn"] = steps_of(drawn_);
    data_["load"] = loads(timeline, drawn_);
    data_["needed"] = column(timeline, drawn_, &Sample::needed);
  }

  Json replay_json(const ReportedReplay& replay) {
    const Timeline& timeline = replay.result.timeline;
    const std::vector<DecisionRun> runs = decision_runs(replay.result.decisions);
    const std::vector<DecisionRun> told = most_telling(runs, most_decisions);
    Json decisions = Json::array();
    for (const DecisionRun& run : told) decisions.push_back(decision_json(run));
    return {{"name", replay.name},
            {"target", target_of(replay)},
            {"wanted", column(timeline, drawn_, &Sample::wanted)},
            {"pods", column(timeline, drawn_, &Sample::pods)},
            {"ready", column(timeline, drawn_, &Sample::ready)},
            {"violations", violations(timeline)},
            {"decisionRuns", runs.size()},
            {"decisions", std::move(decisions)}};
  }

  static std::string target_of(const ReportedReplay& replay) {
    const auto& decisions = replay.result.decisions;
    return decisions.empty() ? "" : describe(decisions.front().target);
  }

  Json decision_json(const DecisionRun& run) {
    const DecisionRecord& record = *run.first;
    Json json = {{"at", offset(record.time)},
                 {"action", to_string(record.action)},
                 {"message", texts_.number_of(shortened(record.message, longest_sentence))}};
    if (run.count > 1) json.update({{"count", run.count}, {"until", offset(run.until)}});
    if (record.current_replicas) json["from"] = *record.current_replicas;
    if (record.desired_replicas) json["to"] = *record.desired_replicas;
    if (record.failure && !record.failure->err.empty()) {
      json["stderr"] = texts_.number_of(shortened(record.failure->err, longest_output));
    }
    return json;
  }

  double offset(WallTime time) const { return seconds(time - scenario_.start); }

  Json figures() const {
    Json figures = Json::array();
    const Summary& first = replays_.front().summary;
    for (std::size_t i = 0; i < first.size(); ++i) {
      const Measure measure = measure_of(first[i].first);
      Json values = Json::array();
      for (const ReportedReplay& replay : replays_) values.push_back(replay.summary[i].second);
      figures.push_back({{"name", first[i].first},
                         {"label", measure.label},
                         {"meaning", measure.meaning},
                         {"unit", measure.unit},
                         {"lowerIsBetter", measure.lower_is_better},
                         {"values", std::move(values)}});
    }
    return figures;
  }

  const Scenario& scenario_;
  const std::vector<ReportedReplay>& replays_;
  Indices drawn_;
  Texts texts_;
  Json data_;
};

}  // namespace

std::string report_html(const std::string& scenario_name, const Scenario& scenario,
                        const std::vector<ReportedReplay>& replays) {
  constexpr std::string_view mark = "@DATA@";
  const std::string_view page = report_page();
  const std::size_t at = page.find(mark);
  std::string html(page.substr(0, at));
  html += ReportData(scenario_name, scenario, replays).text();
  html += page.substr(at + mark.size());
  return html;
}

}  // namespace cpab
