#pragma once

#include <string>
#include <string_view>

#include "cpab/model/resource.h"

namespace cpab {

class JsonCursor;

/// Wraps an object of the API server without touching its text: `apiVersion` and `kind`, which the
/// items of a list lack, are put in front, and line breaks are removed. Throws KubernetesError when
/// it is not an object with a `metadata.name`, JsonError when it is not JSON.
Resource resource_of(std::string_view object, std::string_view api_version, std::string_view kind);

/// The same for the object that `cursor` stands in front of, and steps over.
Resource resource_of(JsonCursor& cursor, std::string_view api_version, std::string_view kind);

}  // namespace cpab
