#include "cpab/pipeline/saved_state.h"

#include <array>
#include <cstdio>

#include "cpab/io/crc32.h"
#include "cpab/pipeline/json_object.h"
#include "cpab/pipeline/override_json.h"

namespace cpab {
namespace {

constexpr std::int32_t format_version = 1;

std::string checksum(std::string_view text) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "crc32:%08x", static_cast<unsigned>(crc32(text)));
  return buffer.data();
}

std::string quoted_time(WallTime time) { return json_quote(rfc3339(time)); }

std::string encode(const SavedState& state, const ScaleTarget& target) {
  return "{\"apiVersion\":" + json_quote(target.api_version) +
         ",\"kind\":" + json_quote(target.kind) +
         ",\"namespace\":" + json_quote(target.namespace_name) +
         ",\"name\":" + json_quote(target.name) + ",\"uid\":" + json_quote(state.uid) + "}";
}

std::string encode(const SavedState::Recommendation& entry) {
  return "{\"time\":" + quoted_time(entry.time) +
         ",\"replicas\":" + std::to_string(entry.replicas) + "}";
}

std::string encode(const SavedState::Scaling& entry) {
  return "{\"time\":" + quoted_time(entry.time) + ",\"from\":" + std::to_string(entry.from) +
         ",\"to\":" + std::to_string(entry.to) + "}";
}

template <typename Entry>
std::string encode_list(const std::vector<Entry>& entries) {
  std::string json = "[";
  for (const Entry& entry : entries) {
    if (json.size() > 1) json += ',';
    json += encode(entry);
  }
  return json + "]";
}

std::string encode_content(const SavedState& state) {
  return "{\"target\":" + encode(state, state.target) + ",\"saved\":" + quoted_time(state.saved) +
         ",\"recommendations\":" + encode_list(state.recommendations) +
         ",\"scaleEvents\":" + encode_list(state.scale_events) +
         ",\"override\":" + (state.manual ? to_json(*state.manual) : "null") +
         (state.mode == Mode::shadow ? ",\"mode\":\"shadow\"}" : "}");
}

ScaleTarget target_of(const JsonObject& target) {
  return {.api_version = target.required_text("apiVersion"),
          .kind = target.required_text("kind"),
          .name = target.required_text("name"),
          .namespace_name = target.required_text("namespace")};
}

SavedState decode_content(std::string_view text) {
  const JsonObject content(text);
  const JsonObject target(content.required("target"));
  SavedState state{.target = target_of(target),
                   .uid = target.required_text("uid"),
                   .saved = content.required_time("saved")};
  for (const std::string_view element : json_elements(content.required("recommendations"))) {
    const JsonObject entry(element);
    state.recommendations.push_back(
        {entry.required_time("time"), entry.required_count("replicas")});
  }
  for (const std::string_view element : json_elements(content.required("scaleEvents"))) {
    const JsonObject entry(element);
    state.scale_events.push_back(
        {entry.required_time("time"), entry.required_count("from"), entry.required_count("to")});
  }
  if (const auto manual = content.find("override")) state.manual = parse_override(*manual);
  if (const auto mode = content.find("mode")) {
    state.mode = parse_mode(json_string(*mode).value_or("")).value_or(Mode::shadow);
  }
  return state;
}

/// The text of `state`, if it is one for us.
std::string_view checked_content(const JsonObject& document) {
  const std::int32_t version = document.required_count("version");
  if (version != format_version) {
    throw StateError("it has version " + std::to_string(version) +
                     " of the format, this cpab has " + std::to_string(format_version));
  }
  const std::string_view content = document.required("state");
  if (document.required_text("checksum") != checksum(content)) {
    throw StateError("it is damaged: its checksum is another");
  }
  return content;
}

}  // namespace

std::string encode_state(const SavedState& state) {
  const std::string content = encode_content(state);
  return "{\"version\":" + std::to_string(format_version) + ",\"checksum\":\"" + checksum(content) +
         "\",\"state\":" + content + "}\n";
}

SavedState decode_state(std::string_view text) {
  if (text.empty()) throw StateError("it is empty");
  try {
    return decode_content(checked_content(JsonObject(text)));
  } catch (const JsonError& error) {
    throw StateError(std::string("it is damaged: ") + error.what());
  } catch (const OverrideError& error) {
    throw StateError(std::string("it is damaged: ") + error.what());
  }
}

}  // namespace cpab
