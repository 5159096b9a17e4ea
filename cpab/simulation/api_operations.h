#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/simulation/cluster_state.h"
#include "cpab/simulation/patch.h"
#include "cpab/simulation/selectors.h"

namespace cpab {

/// Which object a request is about.
struct ObjectPlace {
  const ResourceType& type;
  std::string namespace_name;  ///< empty for types without namespace
  std::string name;
};

/// What a list request asks for.
struct ListQuery {
  ParsedSelector labels;
  FieldSelector fields;
  std::size_t limit = 0;       ///< 0: everything
  std::string continue_token;  ///< of the previous page; empty: the first
};

struct ListPage {
  std::vector<Object> objects;
  std::string continue_token;  ///< empty: this was the last page
  std::size_t remaining = 0;   ///< how many more there are
};

/// Which part of an object is read or written.
enum class ObjectPart { object, status, scale };

/// The verbs of the Kubernetes API on the simulated cluster. All throw ApiError; texts that are no
/// JSON are its 400.

Object get_object(const ClusterState& state, const ObjectPlace& place);

/// In the order of namespace and name. A page continues after the last object of the one before,
/// whatever has changed since: there are no snapshots.
ListPage list_objects(const ClusterState& state, const ResourceType& type,
                      const std::string& namespace_name, const ListQuery& query);

Object create_object(ClusterState& state, const ResourceType& type,
                     const std::string& namespace_name, std::string_view body);

/// PUT. A resourceVersion in `body` has to be the current one.
Object replace_object(ClusterState& state, const ObjectPlace& place, ObjectPart part,
                      std::string_view body);

/// PATCH. The patch applies to the part alone: to the Scale, for example.
Object patch_object(ClusterState& state, const ObjectPlace& place, ObjectPart part, PatchType type,
                    std::string_view patch);

/// DELETE. `options` is the body, a DeleteOptions or empty. Returns the object as it was, or, when
/// it takes time to go, as it is now.
Object delete_object(ClusterState& state, const ObjectPlace& place, std::string_view options);

}  // namespace cpab
