#pragma once

#include "cpab/config/config.h"
#include "cpab/model/redaction.h"

namespace cpab {

/// What takes the secrets of a configuration out of texts: of its headers, URLs and arguments.
Redaction redaction_of(const Config& config);

/// The same of one method.
Redaction redaction_of(const HttpConfig& http);

}  // namespace cpab
