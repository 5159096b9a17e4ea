#include "cpab/console/status_view.h"

#include <nlohmann/json.hpp>

#include "cpab/console/bounded_json.h"
#include "cpab/console/decision_view.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_values = 1'000;

std::string limits_text(const Json& json) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  const auto count = [&](const char* key) {
    return std::to_string(json.at(key).get<std::int64_t>());
  };
  if (json.contains("replicas")) add(count("replicas") + " replicas");
  if (json.contains("min")) add("at least " + count("min"));
  if (json.contains("max")) add("at most " + count("max"));
  const std::string direction = json.value("direction", "both");
  if (direction == "none") add("paused");
  if (direction == "up") add("no scale-down");
  if (direction == "down") add("no scale-up");
  return text;
}

std::string override_text(const Json& json) {
  if (!json.is_object()) return {};
  std::string text = limits_text(json) + " until " + json.value("until", "");
  const std::string by = json.value("by", "");
  const std::string reason = json.value("reason", "");
  if (!by.empty()) text += " by " + by;
  return reason.empty() ? text : text + ": " + reason;
}

StatusView status_of(const Json& json) {
  const Json& target = json.at("target");
  return {.version = json.at("version"),
          .started_at = json.at("startedAt"),
          .target = target.value("kind", "") + " " + target.value("namespace", "") + "/" +
                    target.value("name", ""),
          .minimum = json.at("minReplicas"),
          .maximum = json.at("maxReplicas"),
          .interval_ms = json.at("interval"),
          .now = json.at("now"),
          .mode = json.value("mode", ""),
          .override_text = override_text(json.at("override")),
          .last_decision = json.at("lastDecision"),
          .healthy = json.at("healthy"),
          .ready = json.at("ready")};
}

}  // namespace

StatusView parse_status(std::string_view json) {
  try {
    JsonBounds(most_values).check(json);
    return status_of(Json::parse(json));
  } catch (const JsonError& error) {
    throw NotFromCpab(std::string("not a status: ") + error.what());
  } catch (const Json::exception& error) {
    throw NotFromCpab(std::string("not a status: ") + error.what());
  }
}

}  // namespace cpab
