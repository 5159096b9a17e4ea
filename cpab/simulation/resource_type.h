#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// A kind of object the simulated cluster stores, as discovery describes it.
struct ResourceType {
  std::string group;  ///< empty for the core group
  std::string version;
  std::string kind;
  std::string plural;
  std::string singular;
  std::vector<std::string> short_names;
  bool namespaced = true;
  bool has_scale = false;
  bool has_status = true;
  bool in_category_all = false;
  bool custom = false;  ///< would be defined by a CustomResourceDefinition

  std::string api_version() const { return group.empty() ? version : group + "/" + version; }

  /// `deployments.apps`, as error messages name it.
  std::string qualified_plural() const { return group.empty() ? plural : plural + "." + group; }
};

/// All of them, in the order of discovery. The addresses stay valid.
const std::vector<ResourceType>& resource_types();

/// Null when there is none.
const ResourceType* find_resource_type(std::string_view group, std::string_view version,
                                       std::string_view plural);
const ResourceType* find_kind(std::string_view api_version, std::string_view kind);

/// The type called `kind` in whatever group; throws std::invalid_argument when there is none.
const ResourceType& type_of_kind(std::string_view kind);

}  // namespace cpab
