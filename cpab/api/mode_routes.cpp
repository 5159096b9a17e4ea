#include "cpab/api/mode_routes.h"

#include "cpab/api/query.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

std::optional<Mode> mode_in(const std::string& body) {
  try {
    const auto member = json_member(json_value(body), "mode");
    const auto word = member ? json_string(*member) : std::nullopt;
    return word ? parse_mode(*word) : std::nullopt;
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
