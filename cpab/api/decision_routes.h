#pragma once

#include "cpab/io/http_server.h"
#include "cpab/pipeline/decision_log.h"

namespace cpab {

/// `GET /api/v1/decisions` and `GET /api/v1/decisions/last` (docs/api.md). A long list is sent
/// piece by piece, so that clients who ask for it and do not read cost no copy of it each. Throws
/// QueryError for a filter that cannot be.
ServerResponse show_decisions(const DecisionLog& log, const ServerRequest& request);
ServerResponse show_last_decision(const DecisionLog& log);

}  // namespace cpab
