#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cpab/simulation/resource_catalog.h"

namespace cpab {

/// What the API server says about itself, as JSON text. `accept` is the Accept header of the
/// request: clients that ask for aggregated discovery get all resources at once.

std::string version_document();
std::string core_versions_document(const ResourceCatalog& catalog,
                                   std::string_view accept);  ///< /api
std::string group_list_document(const ResourceCatalog& catalog,
                                std::string_view accept);  ///< /apis

/// /apis/{group}; none when it is not served.
std::optional<std::string> group_document(const ResourceCatalog& catalog, std::string_view group);

/// /api/v1 and /apis/{group}/{version}; none when it is not served.
std::optional<std::string> resource_list_document(const ResourceCatalog& catalog,
                                                  std::string_view group, std::string_view version);

/// The media type of the answers above to this Accept header.
std::string discovery_media_type(std::string_view accept);

/// Whether version `left` of a group comes before `right`: `v2`, `v1`, `v1beta2`, `v1alpha1`.
bool is_preferred_version(std::string_view left, std::string_view right);

}  // namespace cpab
