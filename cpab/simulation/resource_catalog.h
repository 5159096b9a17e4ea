#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cpab/simulation/resource_type.h"

namespace cpab {

/// The resource types of one cluster: those built in and those defined at run time. Addresses stay
/// valid for good: a type whose definition is gone is no longer served, and served again when the
/// definition comes back. What a type says may change with its definition, so the catalog and its
/// types are read under the lock of the cluster.
class ResourceCatalog {
 public:
  ResourceCatalog() = default;
  ResourceCatalog(const ResourceCatalog&) = delete;
  ResourceCatalog& operator=(const ResourceCatalog&) = delete;

  /// In the order of discovery.
  std::vector<const ResourceType*> served() const;

  /// What other servers add to discovery: it is computed, and cannot be stored.
  const std::vector<const ResourceType*>& extensions() const { return extensions_; }
  void set_extensions(std::vector<const ResourceType*> types) { extensions_ = std::move(types); }

  /// Null when there is none.
  const ResourceType* find(std::string_view group, std::string_view version,
                           std::string_view plural) const;
  const ResourceType* find_kind(std::string_view api_version, std::string_view kind) const;

  /// The type called `kind` in whatever group; throws std::invalid_argument when there is none.
  const ResourceType& of_kind(std::string_view kind) const;

  /// Serves `versions`, all of one group and plural, in place of those known before. Their objects
  /// are kept as those of `storage`. Returns the type they are kept under.
  const ResourceType& define(const ResourceType& storage,
                             const std::vector<ResourceType>& versions);

  /// Stops serving a custom type.
  void undefine(std::string_view group, std::string_view plural);

 private:
  template <class Predicate>
  const ResourceType* find_served(Predicate matches) const;
  ResourceType& slot(std::string_view group, std::string_view version, std::string_view plural);

  std::deque<ResourceType> custom_;             // grows only
  std::map<std::string, ResourceType> stored_;  // by qualified plural
  std::vector<const ResourceType*> extensions_;
};

}  // namespace cpab
