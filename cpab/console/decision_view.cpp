#include "cpab/console/decision_view.h"

#include <nlohmann/json.hpp>

#include "cpab/console/bounded_json.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

using Json = nlohmann::ordered_json;

/// A record has some hundred.
constexpr std::size_t most_values = 20'000;
constexpr std::size_t most_values_of_list = 300'000;

/// The member; null when there is none.
const Json& member(const Json& object, const char* key) {
  static const Json null;
  const auto found = object.find(key);
  return found == object.end() ? null : *found;
}

std::string text(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::optional<std::int64_t> count(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_number_integer()) return std::nullopt;
  return value.get<std::int64_t>();
}

std::string target_text(const Json& target) {
  return text(target, "kind") + " " + text(target, "namespace") + "/" + text(target, "name");
}

DecisionView::Step step_of(const Json& json) {
  return {.rule = text(json, "rule"),
          .from = count(json, "from").value_or(0),
          .to = count(json, "to").value_or(0),
          .detail = text(json, "detail"),
          .reason = text(json, "reason")};
}

DecisionView::Proposal proposal_of(const Json& json) {
  return {.type = text(json, "type"),
          .metric = text(json, "metric"),
          .replicas = count(json, "replicas"),
          .error = text(json, "error"),
          .current = text(json, "current"),
          .target = text(json, "target"),
          .measured_at = text(json, "measuredAt"),
          .note = text(json, "note"),
          .wins = member(json, "wins") == true};
}

void read_evaluation(const Json& json, DecisionView& view) {
  if (!json.is_object()) return;
  view.evaluated = true;
  view.wanted = count(json, "targetReplicas");
  view.reason = text(json, "reason");
  for (const Json& proposal : member(json, "proposals")) {
    view.proposals.push_back(proposal_of(proposal));
  }
}

void read_metrics(const Json& json, DecisionView& view) {
  view.metric_count = json.value("count", std::uint64_t{0});
  for (const Json& metric : member(json, "values")) {
    view.metrics.emplace_back(text(metric, "resource"), text(metric, "value"));
  }
}

std::optional<DecisionView::Failure> failure_of(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  return DecisionView::Failure{.stage = text(json, "stage"),
                               .reason = text(json, "reason"),
                               .message = text(json, "message"),
                               .out = text(json, "stdout"),
                               .err = text(json, "stderr")};
}

DecisionView decision_of(const Json& json) {
  DecisionView view;
  view.id = json.at("id");
  view.time = json.at("time");
  view.action = json.at("action");
  view.message = text(json, "message");
  view.trigger = text(json, "trigger");
  view.target = target_text(json.at("target"));
  view.current = count(json, "currentReplicas");
  view.desired = count(json, "desiredReplicas");
  view.limited_by = text(json, "limitedBy");
  view.failure = failure_of(member(json, "failure"));
  read_metrics(json.at("metrics"), view);
  read_evaluation(member(json, "evaluation"), view);
  for (const Json& step : member(json, "steps")) view.steps.push_back(step_of(step));
  for (const auto& [stage, milliseconds] : json.at("durations").items()) {
    view.durations.emplace_back(stage, milliseconds.get<double>());
  }
  return view;
}

[[noreturn]] void refuse(const char* what, const std::exception& error) {
  throw NotFromCpab(std::string(what) + ": " + error.what());
}

}  // namespace

DecisionView parse_decision(std::string_view json) {
  try {
    JsonBounds(most_values).check(json);
    return decision_of(Json::parse(json));
  } catch (const JsonError& error) {
    refuse("not a decision record", error);
  } catch (const Json::exception& error) {
    refuse("not a decision record", error);
  }
}

std::vector<DecisionView> parse_decisions(std::string_view json) {
  try {
    JsonBounds bounds(most_values_of_list);
    std::vector<DecisionView> decisions;
    for (const std::string_view record : json_elements(json_value(json))) {
      bounds.check(record);
      decisions.push_back(decision_of(Json::parse(record)));
    }
    return decisions;
  } catch (const JsonError& error) {
    refuse("not a list of decision records", error);
  } catch (const Json::exception& error) {
    refuse("not a list of decision records", error);
  }
}

}  // namespace cpab
