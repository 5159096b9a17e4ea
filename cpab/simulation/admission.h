#pragma once

#include <cstdint>
#include <string>

#include "cpab/simulation/object_store.h"

namespace cpab {

/// What the API server does to an object before it is stored.

/// Fills in what a new object of `type` lacks, and drops what a client may not set: kind,
/// apiVersion, identity, status. Throws ApiError when the object is of another type or cannot be
/// stored.
Json admitted(const ResourceType& type, Json document);

/// `wanted` as the next version of `stored`: identity and status are kept, and the generation
/// counts changes of the spec. With `status_only`, nothing but the status is taken from it. `type`
/// is the version of its kind that `wanted` is written in. Throws as admitted() does.
Json merged(const StoredObject& stored, const ResourceType& type, Json wanted, bool status_only);

/// Throws ApiError (422) when the object cannot be stored.
void validate(const ResourceType& type, const Json& document);

/// Throws ApiError (422) when `replicas` is negative or does not fit. `kind` is for the message.
void check_replicas(const std::string& kind, const std::string& name, std::int64_t replicas);

}  // namespace cpab
