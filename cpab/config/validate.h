#pragma once

#include "cpab/config/config.h"
#include "cpab/config/report.h"

namespace cpab {

/// Checks what decoding alone cannot: that the keys make sense by themselves and together. Adds
/// complaints and warnings to `report`, whose origins they name; keys that are broken already are
/// passed over. Where the reference has words for a complaint, it starts with them.
void validate(const Config& config, Report& report);

}  // namespace cpab
