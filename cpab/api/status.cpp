#include "cpab/api/status.h"

#include <nlohmann/json.hpp>

#include "cpab/model/version.h"
#include "cpab/pipeline/configured_methods.h"

namespace cpab {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json methods_json(const Config& config) {
  Json json = Json::array();
  for (const auto& [stage, method] : configured_methods(config)) {
    json.push_back(
        {{"stage", to_string(stage)}, {"type", method.type}, {"timeout", method.timeout.count()}});
  }
  return json;
}

/// The object without its closing brace.
std::string fixed_members(const Config& config, WallTime started) {
  const ScaleTarget& target = config.target;
  std::string text = text_of({{"version", version()},
                              {"startedAt", rfc3339(started)},
                              {"target",
                               {{"apiVersion", target.api_version},
                                {"kind", target.kind},
                                {"namespace", target.namespace_name},
                                {"name", target.name}}},
                              {"minReplicas", config.bounds.minimum},
                              {"maxReplicas", config.bounds.maximum},
                              {"interval", config.interval.count()},
                              {"downscaleStabilization", config.downscale_stabilization.count()},
                              {"methods", methods_json(config)}});
  text.pop_back();
  return text;
}

}  // namespace

Status::Status(const Config& config, WallTime started) : fixed_(fixed_members(config, started)) {}

std::string Status::json(const StatusMoment& moment) const {
  const Json next = moment.next_cycle ? Json(rfc3339(*moment.next_cycle)) : Json(nullptr);
  Json may = {{"dryRuns", moment.may_run_dry},
              {"runs", moment.may_run},
              {"moreWithToken", moment.authentication_helps}};
  if (moment.page_denied) may["whyNot"] = *moment.page_denied;
  return fixed_ + ",\"now\":\"" + rfc3339(moment.now) + "\",\"nextCycle\":" + text_of(next) +
         ",\"lastDecision\":" + std::to_string(moment.last_decision) +
         ",\"healthy\":" + (moment.healthy ? "true" : "false") +
         ",\"ready\":" + (moment.ready ? "true" : "false") + ",\"mode\":\"" +
         std::string(to_string(moment.mode)) + "\"" +
         ",\"override\":" + (moment.manual ? to_json(*moment.manual) : "null") +
         ",\"survivesRestart\":" + (moment.survives_restart ? "true" : "false") +
         ",\"may\":" + text_of(may) + "}";
}

}  // namespace cpab
