#pragma once

#include <optional>

#include "cpab/io/http_server.h"

namespace cpab {

/// What is served of the dashboard: its files at `/ui/`, and the way there for a browser that asks
/// for `/` or `/ui`. They hold no data, so anybody may have them. None for all other paths, and for
/// `/` when something else than a browser asks.
std::optional<ServerResponse> ui_response(const ServerRequest& request);

}  // namespace cpab
