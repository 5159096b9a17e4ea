#pragma once

#include <string>
#include <vector>

#include "cpab/model/time.h"
#include "cpab/simulation/json.h"
#include "cpab/simulation/resource_type.h"

namespace cpab {

/// What a CustomResourceDefinition (apiextensions.k8s.io/v1) asks the API server to serve.
struct DefinedResource {
  ResourceType storage;                ///< of the version that is stored
  std::vector<ResourceType> versions;  ///< those served
};

/// Fills in what the definition leaves to the API server: names derived from the kind, no
/// conversion.
Json with_definition_defaults(Json definition);

/// Throws ApiError (422) when the definition is none the API server would take.
DefinedResource parse_definition(const Json& definition);

/// With the status of a definition that has just been taken: its names are accepted, it is
/// established. Conditions that hold already keep their times.
Json with_established_status(Json definition, WallTime now);

/// With the condition that its objects are being deleted.
Json with_terminating_status(Json definition, WallTime now);

/// The CustomResourceDefinition of `Index`, plural `indices`, group `demo.cpab.dev`: a workload
/// with a scale subresource and a plural that nobody would guess.
Json index_definition();

}  // namespace cpab
