#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cpab/simulation/object_store.h"

namespace cpab {

/// How much of each object a Table row carries besides its cells.
enum class RowObject { none, metadata, whole };

/// Whether an Accept header asks for the Table form, as `kubectl get` does.
bool wants_table(std::string_view accept);

/// The meta.k8s.io/v1 Table that `kubectl get` prints: the usual columns of each type. `list_meta`
/// is the JSON of its metadata; `now` decides the ages.
std::string table_text(const ResourceType& type, const std::vector<Object>& objects,
                       RowObject row_object, const std::string& list_meta, WallTime now);

/// `3d4h`, `45s`: a length of time in two digits or so.
std::string human_duration(std::chrono::seconds time);

}  // namespace cpab
