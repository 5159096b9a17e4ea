#pragma once

#include "cpab/app/commands.h"
#include "cpab/console/daemon_api.h"
#include "cpab/io/http_client.h"

namespace cpab {

/// Where to ask, with the token of the file. Throws DaemonApiError when that cannot be read.
DaemonAddress daemon_address(const DaemonOptions& options);

/// How to connect.
HttpClientOptions daemon_client_options(const DaemonOptions& options);

}  // namespace cpab
