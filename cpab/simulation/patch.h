#pragma once

#include <string_view>

#include "cpab/simulation/json.h"

namespace cpab {

enum class PatchType { json, merge, strategic };

/// `document` after the patch. Strategic merge: as a merge patch, except that lists of objects
/// with a `name` (containers, environment, volumes) are merged by it, and lists of plain values
/// replaced. Throws JsonError when `patch` is not a patch, ApiError (422) when a JSON patch
/// does not apply.
Json apply_patch(const Json& document, PatchType type, std::string_view patch);

}  // namespace cpab
