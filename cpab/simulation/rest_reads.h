#pragma once

#include "cpab/simulation/resource_call.h"

namespace cpab {

class SimulatedCluster;

/// GET requests about stored objects. All throw ApiError and SelectorError.

ServerResponse serve_list(ClusterState& state, const ResourceCall& call);
ServerResponse serve_get(ClusterState& state, const ResourceCall& call, ObjectPart part);

/// Of a collection, or of the one object that the path names.
ServerResponse serve_watch(SimulatedCluster& cluster, ClusterState& state,
                           const ResourceCall& call);

/// The answer that shows one object, or its scale.
ServerResponse object_answer(const Object& object, const ResourceType& type, ObjectPart part,
                             int status = 200);

/// A list of objects as JSON; `meta` is the JSON of its metadata.
std::string list_text(const ResourceType& type, const std::vector<Object>& objects,
                      const std::string& meta);

}  // namespace cpab
