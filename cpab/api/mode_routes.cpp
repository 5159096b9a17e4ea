#include "cpab/api/mode_routes.h"

#include "cpab/api/query.h"
#include "cpab/pipeline/json_object.h"

namespace cpab {
namespace {

/// None when there is more in the body than the mode, or two of them: what was meant is not clear.
std::optional<Mode> mode_in(const std::string& body) {
  try {
    const JsonObject object(body);
    object.refuse_others({"mode"});
    return parse_mode(object.required_text("mode"));
  } catch (const JsonError&) {
    return std::nullopt;
  }
}

}  // namespace

std::string show_mode(Cycle& cycle) {
  return "{\"mode\":\"" + std::string(to_string(cycle.mode())) +
         "\",\"survivesRestart\":" + (cycle.memory().survives_restart() ? "true" : "false") + "}";
}

std::string put_mode(Cycle& cycle, const ServerRequest& request) {
  if (Query(request.query()).flag("dry_run")) {
    throw QueryError("There is no dry run of a mode; nothing was done");
  }
  const auto mode = mode_in(request.body);
  if (!mode) {
    throw QueryError(R"(Not set: the body is {"mode":"shadow"} or {"mode":"active"})");
  }
  cycle.set_mode(*mode);
  return show_mode(cycle);
}

}  // namespace cpab
