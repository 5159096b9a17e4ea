#pragma once

#include <string_view>

#include "cpab/simulation/json.h"

namespace cpab {

enum class PatchType { json, merge, strategic };

/// `document` after the patch. Strategic merge: as a merge patch, except that lists are merged as
/// list_rule() says (containers by name, ports by containerPort, finalizers as a set), and
/// directives of kubectl are obeyed. Throws JsonError when `patch` is not a patch, ApiError (422)
/// when a JSON patch does not apply.
Json apply_patch(const Json& document, PatchType type, std::string_view patch);

}  // namespace cpab
