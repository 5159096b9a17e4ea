#include "cpab/simulation/discovery_documents.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>
#include <vector>

#include "cpab/simulation/json.h"
#include "cpab/simulation/metrics_routes.h"

namespace cpab {
namespace {

/// A group with what is served of it, the preferred version first.
struct Group {
  std::string name;
  std::vector<std::pair<std::string, std::vector<const ResourceType*>>> versions;
};

std::vector<const ResourceType*> served_types(const ResourceCatalog& catalog) {
  auto types = catalog.served();
  const auto& extensions = catalog.extensions();
  types.insert(types.end(), extensions.begin(), extensions.end());
  return types;
}

void add_to_group(Group& group, const ResourceType& type) {
  for (auto& [version, types] : group.versions) {
    if (version == type.version) return types.push_back(&type);
  }
  group.versions.push_back({type.version, {&type}});
}

/// In the order in which the types are listed. The core group has no name.
std::vector<Group> groups(const ResourceCatalog& catalog) {
  std::vector<Group> result;
  for (const auto* type : served_types(catalog)) {
    auto found = std::find_if(result.begin(), result.end(),
                              [&](const Group& group) { return group.name == type->group; });
    if (found == result.end()) found = result.insert(result.end(), Group{type->group, {}});
    add_to_group(*found, *type);
  }
  for (auto& group : result) {
    std::stable_sort(group.versions.begin(), group.versions.end(),
                     [](const auto& left, const auto& right) {
                       return is_preferred_version(left.first, right.first);
                     });
  }
  return result;
}

std::vector<Group> named_groups(const ResourceCatalog& catalog) {
  auto result = groups(catalog);
  std::erase_if(result, [](const Group& group) { return group.name.empty(); });
  return result;
}

std::string group_version(const std::string& group, const std::string& version) {
  return group.empty() ? version : group + "/" + version;
}

Json strings(const std::vector<std::string>& values) {
  Json list = Json::parse("[]");
  for (const auto& value : values) list.set("/-", value);
  return list;
}

Json verbs_of(const ResourceType& type) {
  if (is_metrics_group(type.group)) return strings({"get", "list"});
  return strings(
      {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"});
}

Json subresource_verbs() { return strings({"get", "patch", "update"}); }

Json version_entry(const std::string& group, const std::string& version) {
  return Json().set("/groupVersion", group_version(group, version)).set("/version", version);
}

Json group_entry(const Group& group) {
  Json entry;
  entry.set("/name", group.name).set("/versions", Json::parse("[]"));
  for (const auto& [version, types] : group.versions) {
    entry.set("/versions/-", version_entry(group.name, version));
  }
  return entry.set("/preferredVersion", entry.at("/versions/0"));
}

Json resource_entry(const ResourceType& type) {
  Json entry;
  entry.set("/name", type.plural).set("/singularName", type.singular);
  entry.set("/namespaced", type.namespaced).set("/kind", type.kind);
  entry.set("/verbs", verbs_of(type));
  if (!type.short_names.empty()) entry.set("/shortNames", strings(type.short_names));
  if (!type.categories.empty()) entry.set("/categories", strings(type.categories));
  return entry;
}

Json scale_entry(const ResourceType& type) {
  Json entry;
  entry.set("/name", type.plural + "/scale").set("/singularName", "");
  entry.set("/namespaced", type.namespaced);
  entry.set("/group", "autoscaling").set("/version", "v1");
  return entry.set("/kind", "Scale").set("/verbs", subresource_verbs());
}

Json status_entry(const ResourceType& type) {
  Json entry;
  entry.set("/name", type.plural + "/status").set("/singularName", "");
  entry.set("/namespaced", type.namespaced).set("/kind", type.kind);
  return entry.set("/verbs", subresource_verbs());
}

// --- Aggregated discovery (apidiscovery.k8s.io/v2): the same, nested differently.

Json response_kind(const std::string& group, const std::string& version, const std::string& kind) {
  return Json().set("/group", group).set("/version", version).set("/kind", kind);
}

Json aggregated_subresource(const std::string& name, const Json& kind) {
  Json entry;
  entry.set("/subresource", name).set("/responseKind", kind);
  return entry.set("/verbs", subresource_verbs());
}

Json aggregated_resource(const ResourceType& type) {
  const auto kind = response_kind(type.group, type.version, type.kind);
  Json entry;
  entry.set("/resource", type.plural).set("/responseKind", kind);
  entry.set("/scope", type.namespaced ? "Namespaced" : "Cluster");
  entry.set("/singularResource", type.singular).set("/verbs", verbs_of(type));
  if (!type.short_names.empty()) entry.set("/shortNames", strings(type.short_names));
  if (!type.categories.empty()) entry.set("/categories", strings(type.categories));
  if (!type.has_scale && !type.has_status) return entry;
  entry.set("/subresources", Json::parse("[]"));
  if (type.has_scale) {
    entry.set("/subresources/-",
              aggregated_subresource("scale", response_kind("autoscaling", "v1", "Scale")));
  }
  if (type.has_status) entry.set("/subresources/-", aggregated_subresource("status", kind));
  return entry;
}

Json aggregated_group(const Group& listed) {
  Json group;
  group.set("/metadata", listed.name.empty() ? Json() : Json().set("/name", listed.name));
  group.set("/versions", Json::parse("[]"));
  for (const auto& [version, types] : listed.versions) {
    Json resources = Json::parse("[]");
    for (const auto* type : types) resources.set("/-", aggregated_resource(*type));
    Json entry;
    entry.set("/version", version).set("/resources", resources);
    group.set("/versions/-", entry.set("/freshness", "Current"));
  }
  return group;
}

/// The newest form of aggregated discovery this client understands; empty: none.
std::string aggregated_version(std::string_view accept) {
  if (accept.find("as=APIGroupDiscoveryList") == accept.npos) return {};
  return accept.find("v=v2;") != accept.npos ? "v2" : "v2beta1";
}

std::string aggregated_document(const std::string& version, const std::vector<Group>& listed) {
  Json document;
  document.set("/kind", "APIGroupDiscoveryList");
  document.set("/apiVersion", "apidiscovery.k8s.io/" + version).set("/metadata", Json());
  document.set("/items", Json::parse("[]"));
  for (const auto& group : listed) document.set("/items/-", aggregated_group(group));
  return document.text();
}

/// `v1beta2` as {stability, major, minor}: more is better.
std::optional<std::array<int, 3>> version_rank(std::string_view version) {
  std::array<char, 8> stage{};
  std::array<int, 3> rank{3, 0, 0};
  const auto parts =
      std::sscanf(std::string(version).c_str(), "v%d%5[a-z]%d", &rank[1], stage.data(), &rank[2]);
  if (parts < 1) return std::nullopt;
  if (parts > 1) rank[0] = std::string_view(stage.data()) == "beta" ? 2 : 1;
  return rank;
}

}  // namespace

bool is_preferred_version(std::string_view left, std::string_view right) {
  return version_rank(left) > version_rank(right);
}

std::string version_document() {
  Json document;
  document.set("/major", "1").set("/minor", "32").set("/gitVersion", "v1.32.0-simulated");
  document.set("/gitCommit", "").set("/gitTreeState", "clean").set("/buildDate", "");
  return document.set("/goVersion", "").set("/compiler", "").set("/platform", "").text();
}

std::string core_versions_document(const ResourceCatalog& catalog, std::string_view accept) {
  const auto version = aggregated_version(accept);
  if (!version.empty()) {
    auto core = groups(catalog);
    std::erase_if(core, [](const Group& group) { return !group.name.empty(); });
    return aggregated_document(version, core);
  }
  return Json()
      .set("/kind", "APIVersions")
      .set("/versions", strings({"v1"}))
      .set("/serverAddressByClientCIDRs", Json::parse("[]"))
      .text();
}

std::string group_list_document(const ResourceCatalog& catalog, std::string_view accept) {
  const auto version = aggregated_version(accept);
  if (!version.empty()) return aggregated_document(version, named_groups(catalog));
  Json document;
  document.set("/kind", "APIGroupList").set("/apiVersion", "v1");
  document.set("/groups", Json::parse("[]"));
  for (const auto& group : named_groups(catalog)) document.set("/groups/-", group_entry(group));
  return document.text();
}

std::optional<std::string> group_document(const ResourceCatalog& catalog, std::string_view group) {
  for (const auto& served : named_groups(catalog)) {
    if (served.name != group) continue;
    const auto entry = group_entry(served);
    Json document;
    document.set("/kind", "APIGroup").set("/apiVersion", "v1").set("/name", served.name);
    document.set("/versions", entry.at("/versions"));
    return document.set("/preferredVersion", entry.at("/preferredVersion")).text();
  }
  return std::nullopt;
}

std::optional<std::string> resource_list_document(const ResourceCatalog& catalog,
                                                  std::string_view group,
                                                  std::string_view version) {
  Json resources = Json::parse("[]");
  for (const auto* type : served_types(catalog)) {
    if (type->group != group || type->version != version) continue;
    resources.set("/-", resource_entry(*type));
    if (type->has_scale) resources.set("/-", scale_entry(*type));
    if (type->has_status) resources.set("/-", status_entry(*type));
  }
  if (!resources.contains("/0")) return std::nullopt;
  Json document;
  document.set("/kind", "APIResourceList").set("/apiVersion", "v1");
  document.set("/groupVersion", group_version(std::string(group), std::string(version)));
  return document.set("/resources", resources).text();
}

std::string discovery_media_type(std::string_view accept) {
  const auto version = aggregated_version(accept);
  if (version.empty()) return "application/json";
  return "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
}

}  // namespace cpab
