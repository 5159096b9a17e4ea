#include "cpab/simulation/resource_catalog.h"

#include <algorithm>
#include <stdexcept>

namespace cpab {

std::vector<const ResourceType*> ResourceCatalog::served() const {
  auto types = builtin_types();
  for (const auto& type : custom_) {
    if (type.served) types.push_back(&type);
  }
  return types;
}

template <class Predicate>
const ResourceType* ResourceCatalog::find_served(Predicate matches) const {
  const auto& builtin = builtin_types();
  const auto known = std::find_if(builtin.begin(), builtin.end(),
                                  [&](const ResourceType* type) { return matches(*type); });
  if (known != builtin.end()) return *known;
  const auto custom = std::find_if(custom_.begin(), custom_.end(), [&](const ResourceType& type) {
    return type.served && matches(type);
  });
  return custom == custom_.end() ? nullptr : &*custom;
}

const ResourceType* ResourceCatalog::find(std::string_view group, std::string_view version,
                                          std::string_view plural) const {
  return find_served([&](const ResourceType& type) {
    return type.plural == plural && type.group == group && type.version == version;
  });
}

const ResourceType* ResourceCatalog::find_kind(std::string_view api_version,
                                               std::string_view kind) const {
  return find_served([&](const ResourceType& type) {
    return type.kind == kind && type.api_version() == api_version;
  });
}

const ResourceType& ResourceCatalog::of_kind(std::string_view kind) const {
  const auto* type = find_served([&](const ResourceType& each) { return each.kind == kind; });
  if (type == nullptr) {
    throw std::invalid_argument("the simulated cluster has no kind " + std::string(kind));
  }
  return *type;
}

ResourceType& ResourceCatalog::slot(std::string_view group, std::string_view version,
                                    std::string_view plural) {
  for (auto& type : custom_) {
    if (type.group == group && type.version == version && type.plural == plural) return type;
  }
  return custom_.emplace_back();
}

const ResourceType& ResourceCatalog::define(const ResourceType& storage,
                                            const std::vector<ResourceType>& versions) {
  undefine(storage.group, storage.plural);
  auto& stored = stored_[storage.qualified_plural()];
  stored = storage;
  for (const auto& version : versions) {
    auto& type = slot(version.group, version.version, version.plural);
    type = version;
    type.stored_as = &stored;
  }
  return stored;
}

void ResourceCatalog::undefine(std::string_view group, std::string_view plural) {
  for (auto& type : custom_) {
    if (type.group == group && type.plural == plural) type.served = false;
  }
}

}  // namespace cpab
