#pragma once

#include <string_view>
#include <vector>

#include "cpab/simulation/json.h"

namespace cpab {

/// The documents of a YAML stream, of which JSON is one form; empty ones are left out. Plain
/// scalars mean what kubectl takes them for: numbers, true and yes, null, or else text. Throws
/// JsonError when the text is not YAML or says more than half a million things.
std::vector<Json> yaml_documents(std::string_view text);

}  // namespace cpab
