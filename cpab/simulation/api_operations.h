#pragma once

#include <cstddef>
#include <cstdint>
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
  const ResourceType& type;    ///< the version it is read and written in
  std::string namespace_name;  ///< empty for types without namespace
  std::string name;
};

/// What a list request asks for.
struct ListQuery {
  ParsedSelector labels;
  FieldSelector fields;
  std::size_t limit = 0;                 ///< 0: everything
  std::string continue_token;            ///< of the previous page; empty: the first
  std::optional<std::uint64_t> version;  ///< the objects as of then; none: as of now
};

struct ListPage {
  std::vector<Object> objects;
  std::uint64_t version = 0;   ///< the resourceVersion of the list
  std::string continue_token;  ///< empty: this was the last page
  std::size_t remaining = 0;   ///< how many more there are
};

/// Which part of an object is read or written.
enum class ObjectPart { object, status, scale };

/// Who writes, and how.
struct WriteOptions {
  /// Whom the written fields belong to from now on; empty: ownership stays as it is.
  std::string field_manager;
  bool force = false;  ///< an apply takes fields from their owners
  WriteMode mode = WriteMode::real;
};

/// The verbs of the Kubernetes API on the simulated cluster. All throw ApiError.

Object get_object(const ClusterState& state, const ObjectPlace& place);

/// In the order of namespace and name. All pages of a list show the same moment.
ListPage list_objects(const ClusterState& state, const ResourceType& type,
                      const std::string& namespace_name, const ListQuery& query);

Object create_object(ClusterState& state, const ResourceType& type,
                     const std::string& namespace_name, Json document,
                     const WriteOptions& options = {});

/// PUT. A resourceVersion in `document` has to be the current one.
Object replace_object(ClusterState& state, const ObjectPlace& place, ObjectPart part,
                      const Json& document, const WriteOptions& options = {});

/// PATCH. The patch applies to the part alone: to the Scale, for example.
Object patch_object(ClusterState& state, const ObjectPlace& place, ObjectPart part, PatchType type,
                    std::string_view patch, const WriteOptions& options = {});

/// Server-side apply: `configuration` is all that the field manager wants to be so. Makes the
/// object when it is not there. Conflicts with other managers are a 409.
Object apply_object(ClusterState& state, const ObjectPlace& place, ObjectPart part,
                    const Json& configuration, const WriteOptions& options);

/// DELETE. `delete_options` is a DeleteOptions. Returns the object as it was, or, when it takes
/// time to go, as it is now.
Object delete_object(ClusterState& state, const ObjectPlace& place, const Json& delete_options,
                     WriteMode mode = WriteMode::real);

}  // namespace cpab
