#include "cpab/api/status.h"

#include "cpab/model/json_writer.h"
#include "cpab/model/version.h"
#include "cpab/pipeline/configured_methods.h"

namespace cpab {
namespace {

std::vector<std::string> method_texts(const Config& config) {
  std::vector<std::string> texts;
  for (const auto& [stage, method] : configured_methods(config)) {
    JsonWriter json;
    json.add_text("stage", to_string(stage)).add_text("type", method.type);
    texts.push_back(json.add_number("timeout", method.timeout.count()).finish());
  }
  return texts;
}

/// The object without its closing brace.
std::string fixed_members(const Config& config, WallTime started) {
  JsonWriter json;
  json.add_text("version", version()).add_text("startedAt", rfc3339(started));
  json.add("target", to_json(config.target));
  json.add_number("minReplicas", config.bounds.minimum);
  json.add_number("maxReplicas", config.bounds.maximum);
  json.add_number("interval", config.interval.count());
  json.add_number("downscaleStabilization", config.downscale_stabilization.count());
  std::string text = json.add_list("methods", method_texts(config)).finish();
  text.pop_back();
  return text;
}

}  // namespace

Status::Status(const Config& config, WallTime started) : fixed_(fixed_members(config, started)) {}

std::string Status::json(const StatusMoment& moment) const {
  const std::string next =
      moment.next_cycle ? json_quote(rfc3339(*moment.next_cycle)) : std::string("null");
  JsonWriter may;
  may.add_bool("dryRuns", moment.may_run_dry).add_bool("runs", moment.may_run);
  may.add_bool("moreWithToken", moment.authentication_helps);
  if (moment.page_denied) may.add_text("whyNot", *moment.page_denied);
  return fixed_ + ",\"now\":\"" + rfc3339(moment.now) + "\",\"nextCycle\":" + next +
         ",\"lastDecision\":" + std::to_string(moment.last_decision) +
         ",\"healthy\":" + (moment.healthy ? "true" : "false") +
         ",\"ready\":" + (moment.ready ? "true" : "false") + ",\"mode\":\"" +
         std::string(to_string(moment.mode)) + "\"" +
         ",\"override\":" + (moment.manual ? to_json(*moment.manual) : "null") +
         ",\"survivesRestart\":" + (moment.survives_restart ? "true" : "false") +
         ",\"may\":" + may.finish() + "}";
}

}  // namespace cpab
