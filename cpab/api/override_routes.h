#pragma once

#include <string>

#include "cpab/io/http_server.h"
#include "cpab/pipeline/cycle_memory.h"

namespace cpab {

/// What `/api/v1/override` answers, as JSON: `{"override":{...},"survivesRestart":true}`, null in
/// place of the object when there is none in force (docs/api.md). All three throw QueryError for a
/// request that cannot be, having changed nothing.

/// GET.
std::string show_override(CycleMemory& memory);

/// PUT: the body is the override, which replaces the one there is. On disk when this returns, if
/// the answer says so.
std::string put_override(CycleMemory& memory, const ServerRequest& request);

/// DELETE: fine without one, too.
std::string delete_override(CycleMemory& memory, const ServerRequest& request);

}  // namespace cpab
