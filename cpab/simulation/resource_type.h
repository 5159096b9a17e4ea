#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// Where the scale subresource finds its numbers in an object, as JSON pointers.
struct ScalePaths {
  std::string spec_replicas = "/spec/replicas";
  std::string status_replicas = "/status/replicas";
  /// Of the selector as text; empty: built-in types have it in spec.selector, others have none.
  std::string selector;
};

/// A column of `kubectl get` that a CustomResourceDefinition asks for.
struct PrinterColumn {
  std::string name;
  std::string type;  ///< `string`, `integer`, `number`, `boolean` or `date`
  std::string format;
  std::string description;
  std::int32_t priority = 0;  ///< above 0: with `-o wide` only
  std::string json_path;      ///< `.spec.replicas`
};

/// A kind of object as one version of one group serves it, as discovery describes it.
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
  std::vector<std::string> categories;
  bool custom = false;    ///< defined by a CustomResourceDefinition
  std::string list_kind;  ///< empty: the kind and `List`
  ScalePaths scale;
  std::vector<PrinterColumn> columns;          ///< custom types only; none: the age
  std::vector<std::string> selectable_fields;  ///< by field selectors, besides name and namespace
  bool served = true;                          ///< false: its definition is gone
  const ResourceType* stored_as = nullptr;     ///< the type whose objects these are; null: its own

  /// What objects are kept under: the same for all versions of a kind.
  const ResourceType& storage() const { return stored_as == nullptr ? *this : *stored_as; }

  std::string api_version() const { return group.empty() ? version : group + "/" + version; }

  /// `deployments.apps`, as error messages name it.
  std::string qualified_plural() const { return group.empty() ? plural : plural + "." + group; }

  /// `Deployment.apps`.
  std::string qualified_kind() const { return group.empty() ? kind : kind + "." + group; }

  std::string name_of_list() const { return list_kind.empty() ? kind + "List" : list_kind; }
};

/// The types every cluster has, in the order of discovery. The addresses stay valid.
const std::vector<const ResourceType*>& builtin_types();

/// The built-in type called `kind`; throws std::invalid_argument when there is none. Of several
/// groups the first one counts.
const ResourceType& type_of_kind(std::string_view kind);

}  // namespace cpab
