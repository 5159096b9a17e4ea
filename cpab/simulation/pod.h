#pragma once

#include <string>

#include "cpab/model/time.h"
#include "cpab/simulation/json.h"
#include "cpab/simulation/object_store.h"

namespace cpab {

/// The stages of a pod's life, as changes to its document. Times are those of the change.

/// A pod of `owner` made from its `/spec/template`, bound to a node, with no container running.
Json new_pod(const StoredObject& owner, const std::string& name, WallTime now);

/// The containers run; not ready yet.
Json started_pod(Json pod, const std::string& ip, WallTime now);

Json ready_pod(Json pod, WallTime now);

/// Has been told to stop.
Json terminating_pod(Json pod, WallTime now);

/// Condition Ready is True, and it was not told to stop.
bool is_ready(const StoredObject& pod);

/// Phase Failed or Succeeded: it will not run again.
bool is_finished(const StoredObject& pod);

}  // namespace cpab
