#include "cpab/api/override_routes.h"

#include "cpab/api/query.h"
#include "cpab/pipeline/override_json.h"

namespace cpab {
namespace {

/// Whoever asks for a dry run does not want to find the override in force.
void refuse_dry_run(const ServerRequest& request) {
  if (!Query(request.query()).flag("dry_run")) return;
  throw QueryError("There is no dry run of an override; nothing was done");
}

}  // namespace

std::string show_override(CycleMemory& memory) {
  const std::optional<Override> manual = memory.manual();
  return "{\"override\":" + (manual ? to_json(*manual) : "null") +
         ",\"survivesRestart\":" + (memory.survives_restart() ? "true" : "false") + "}";
}

std::string put_override(CycleMemory& memory, const ServerRequest& request) {
  refuse_dry_run(request);
  try {
    memory.set_manual(parse_override(request.body));
  } catch (const OverrideError& error) {
    throw QueryError(std::string("Not set: ") + error.what());
  }
  return show_override(memory);
}

std::string delete_override(CycleMemory& memory, const ServerRequest& request) {
  refuse_dry_run(request);
  memory.clear_manual();
  return show_override(memory);
}

}  // namespace cpab
