#pragma once

#include <string>
#include <string_view>

#include "cpab/decision/override.h"

namespace cpab {

/// An override as the REST API and the state file have it: `{"replicas":20,"min":5,"max":8,
/// "direction":"up","until":"2026-01-31T18:00:00Z","by":"alice","reason":"release"}`. What is not
/// limited is left out; `direction` and `until` are always written.
std::string to_json(const Override& manual);

/// The reverse. Only `until` has to be there. Throws OverrideError on anything that it does not
/// understand, unknown and repeated keys included; what the values mean is not looked at.
Override parse_override(std::string_view json);

}  // namespace cpab
