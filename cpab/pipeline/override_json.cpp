#include "cpab/pipeline/override_json.h"

#include "cpab/pipeline/json_object.h"

namespace cpab {
namespace {

Direction direction_of(const JsonObject& object) {
  const std::string text = object.text("direction").value_or("both");
  const auto direction = parse_direction(text);
  if (!direction) throw OverrideError("direction is neither both, up, down nor none: " + text);
  return *direction;
}

Override read_override(const JsonObject& object) {
  object.refuse_others({"replicas", "min", "max", "direction", "until", "by", "reason"});
  if (!object.find("until")) {
    throw OverrideError(
        "until is missing: write when the override ends, such as "
        "\"2026-01-31T18:00:00Z\"");
  }
  return {.replicas = object.count("replicas"),
          .minimum = object.count("min"),
          .maximum = object.count("max"),
          .direction = direction_of(object),
          .until = object.required_time("until"),
          .by = object.text("by").value_or(""),
          .reason = object.text("reason").value_or("")};
}

}  // namespace

std::string to_json(const Override& manual) {
  std::string json = "{";
  const auto count = [&](const char* name, std::optional<std::int32_t> value) {
    if (value) json += '"' + std::string(name) + "\":" + std::to_string(*value) + ",";
  };
  const auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) json += ",\"" + std::string(name) + "\":" + json_quote(value);
  };
  count("replicas", manual.replicas);
  count("min", manual.minimum);
  count("max", manual.maximum);
  json += "\"direction\":" + json_quote(to_string(manual.direction));
  text("until", rfc3339(manual.until));
  text("by", manual.by);
  text("reason", manual.reason);
  return json + "}";
}

Override parse_override(std::string_view json) {
  try {
    return read_override(JsonObject(json));
  } catch (const JsonError& error) {
    throw OverrideError(std::string("the override cannot be read: ") + error.what());
  }
}

}  // namespace cpab
