#pragma once

#include <optional>

#include "cpab/io/http_server.h"
#include "cpab/simulation/resource_catalog.h"

namespace cpab {

/// Answers /openapi/v2, /openapi/v3 and what is below; none when the request is about something
/// else. The documents say which objects there are and that their writes take `fieldValidation`;
/// they describe no fields, so that kubectl leaves checking them to the server.
std::optional<ServerResponse> serve_openapi(const ResourceCatalog& catalog,
                                            const ServerRequest& request);

}  // namespace cpab
