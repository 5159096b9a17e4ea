#pragma once

#include "cpab/simulation/resource_call.h"

namespace cpab {

/// Requests that change stored objects. All throw ApiError and SelectorError.

ServerResponse serve_create(ClusterState& state, const ResourceCall& call);
ServerResponse serve_replace(ClusterState& state, const ResourceCall& call, ObjectPart part);
ServerResponse serve_patch(ClusterState& state, const ResourceCall& call, ObjectPart part);
ServerResponse serve_delete(ClusterState& state, const ResourceCall& call);
ServerResponse serve_delete_collection(ClusterState& state, const ResourceCall& call);

}  // namespace cpab
