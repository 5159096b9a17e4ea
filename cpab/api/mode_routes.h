#pragma once

#include <string>

#include "cpab/io/http_server.h"
#include "cpab/pipeline/cycle.h"

namespace cpab {

/// `GET` and `PUT /api/v1/mode` (docs/api.md). Both answer with the mode as JSON; put_mode() throws
/// QueryError for a body that names none, having changed nothing.
std::string show_mode(Cycle& cycle);
std::string put_mode(Cycle& cycle, const ServerRequest& request);

}  // namespace cpab
