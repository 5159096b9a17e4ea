#pragma once

#include <optional>
#include <string>

#include "cpab/io/http_client.h"

namespace cpab {

/// The request that follows when `request` was answered with `status` and a Location that resolves
/// to `target`; none when that answer is final (contract section 2.2): 301, 302 and 303 are
/// followed as GET (HEAD stays HEAD) without body, 307 and 308 as they are, but only when there is
/// no body. Headers with credentials do not travel to another scheme, host or port.
std::optional<HttpRequest> redirected_request(const HttpRequest& request, int status,
                                              const std::string& target);

}  // namespace cpab
