#include "cpab/simulation/discovery_documents.h"

#include <vector>

#include "cpab/simulation/json.h"
#include "cpab/simulation/resource_type.h"

namespace cpab {
namespace {

struct GroupVersion {
  std::string group;
  std::string version;
  std::string text() const { return group.empty() ? version : group + "/" + version; }
  friend bool operator==(const GroupVersion&, const GroupVersion&) = default;
};

/// Pod metrics look like a resource, but are computed, not stored.
const ResourceType& pod_metrics_type() {
  static const ResourceType type = [] {
    ResourceType metrics{"metrics.k8s.io", "v1beta1", "PodMetrics", "pods", "pod", {}};
    metrics.has_status = false;
    return metrics;
  }();
  return type;
}

std::vector<const ResourceType*> served_types() {
  std::vector<const ResourceType*> types;
  for (const auto& type : resource_types()) types.push_back(&type);
  types.push_back(&pod_metrics_type());
  return types;
}

/// The named groups, each with its only version.
std::vector<GroupVersion> groups() {
  std::vector<GroupVersion> result;
  for (const auto* type : served_types()) {
    const GroupVersion version{type->group, type->version};
    if (!version.group.empty() && (result.empty() || result.back() != version)) {
      result.push_back(version);
    }
  }
  return result;
}

Json strings(const std::vector<std::string>& values) {
  Json list = Json::parse("[]");
  for (const auto& value : values) list.set("/-", value);
  return list;
}

Json verbs_of(const ResourceType& type) {
  if (&type == &pod_metrics_type()) return strings({"get", "list"});
  return strings(
      {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"});
}

Json subresource_verbs() { return strings({"get", "patch", "update"}); }

Json group_entry(const GroupVersion& version) {
  Json entry;
  entry.set("/groupVersion", version.text()).set("/version", version.version);
  Json group;
  group.set("/name", version.group).set("/versions", Json::parse("[]")).set("/versions/-", entry);
  return group.set("/preferredVersion", entry);
}

Json resource_entry(const ResourceType& type) {
  Json entry;
  entry.set("/name", type.plural).set("/singularName", type.singular);
  entry.set("/namespaced", type.namespaced).set("/kind", type.kind);
  entry.set("/verbs", verbs_of(type));
  if (!type.short_names.empty()) entry.set("/shortNames", strings(type.short_names));
  if (type.in_category_all) entry.set("/categories", strings({"all"}));
  return entry;
}

Json scale_entry(const ResourceType& type) {
  Json entry;
  entry.set("/name", type.plural + "/scale").set("/singularName", "");
  entry.set("/namespaced", true).set("/group", "autoscaling").set("/version", "v1");
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
  if (type.in_category_all) entry.set("/categories", strings({"all"}));
  if (!type.has_scale && !type.has_status) return entry;
  entry.set("/subresources", Json::parse("[]"));
  if (type.has_scale) {
    entry.set("/subresources/-",
              aggregated_subresource("scale", response_kind("autoscaling", "v1", "Scale")));
  }
  if (type.has_status) entry.set("/subresources/-", aggregated_subresource("status", kind));
  return entry;
}

Json aggregated_group(const GroupVersion& version) {
  Json resources = Json::parse("[]");
  for (const auto* type : served_types()) {
    if (type->group == version.group) resources.set("/-", aggregated_resource(*type));
  }
  Json entry;
  entry.set("/version", version.version).set("/resources", resources).set("/freshness", "Current");
  Json group;
  group.set("/metadata", version.group.empty() ? Json() : Json().set("/name", version.group));
  return group.set("/versions", Json::parse("[]")).set("/versions/-", entry);
}

/// The newest form of aggregated discovery this client understands; empty: none.
std::string aggregated_version(std::string_view accept) {
  if (accept.find("as=APIGroupDiscoveryList") == accept.npos) return {};
  return accept.find("v=v2;") != accept.npos ? "v2" : "v2beta1";
}

std::string aggregated_document(const std::string& version,
                                const std::vector<GroupVersion>& listed) {
  Json document;
  document.set("/kind", "APIGroupDiscoveryList");
  document.set("/apiVersion", "apidiscovery.k8s.io/" + version).set("/metadata", Json());
  document.set("/items", Json::parse("[]"));
  for (const auto& group : listed) document.set("/items/-", aggregated_group(group));
  return document.text();
}

}  // namespace

std::string version_document() {
  Json document;
  document.set("/major", "1").set("/minor", "32").set("/gitVersion", "v1.32.0-simulated");
  document.set("/gitCommit", "").set("/gitTreeState", "clean").set("/buildDate", "");
  return document.set("/goVersion", "").set("/compiler", "").set("/platform", "").text();
}

std::string core_versions_document(std::string_view accept) {
  const auto version = aggregated_version(accept);
  if (!version.empty()) return aggregated_document(version, {{"", "v1"}});
  return Json()
      .set("/kind", "APIVersions")
      .set("/versions", strings({"v1"}))
      .set("/serverAddressByClientCIDRs", Json::parse("[]"))
      .text();
}

std::string group_list_document(std::string_view accept) {
  const auto version = aggregated_version(accept);
  if (!version.empty()) return aggregated_document(version, groups());
  Json document;
  document.set("/kind", "APIGroupList").set("/apiVersion", "v1");
  document.set("/groups", Json::parse("[]"));
  for (const auto& group : groups()) document.set("/groups/-", group_entry(group));
  return document.text();
}

std::optional<std::string> group_document(std::string_view group) {
  for (const auto& served : groups()) {
    if (served.group != group) continue;
    Json document;
    document.set("/kind", "APIGroup").set("/apiVersion", "v1");
    const auto entry = group_entry(served);
    document.set("/name", served.group).set("/versions", entry.at("/versions"));
    return document.set("/preferredVersion", entry.at("/preferredVersion")).text();
  }
  return std::nullopt;
}

std::optional<std::string> resource_list_document(std::string_view group,
                                                  std::string_view version) {
  const GroupVersion wanted{std::string(group), std::string(version)};
  Json resources = Json::parse("[]");
  for (const auto* type : served_types()) {
    if (GroupVersion{type->group, type->version} != wanted) continue;
    resources.set("/-", resource_entry(*type));
    if (type->has_scale) resources.set("/-", scale_entry(*type));
    if (type->has_status) resources.set("/-", status_entry(*type));
  }
  if (!resources.contains("/0")) return std::nullopt;
  Json document;
  document.set("/kind", "APIResourceList").set("/apiVersion", "v1");
  return document.set("/groupVersion", wanted.text()).set("/resources", resources).text();
}

std::string discovery_media_type(std::string_view accept) {
  const auto version = aggregated_version(accept);
  if (version.empty()) return "application/json";
  return "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
}

}  // namespace cpab
