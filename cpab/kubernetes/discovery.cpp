#include "cpab/kubernetes/discovery.h"

#include <algorithm>

#include "cpab/io/clock.h"
#include "cpab/kubernetes/json_fields.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

/// How long a miss is believed before it is looked up again.
constexpr std::chrono::seconds miss_pause{2};

/// As long as the API server may take to answer, told to it.
constexpr const char* server_timeout = "?timeout=32s";

std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

KubernetesError no_match(const std::string& kind, const std::string& where) {
  return {404, "no matches for kind " + json_quote(kind) + " in " + where};
}

std::optional<ApiResource> find_kind(const std::vector<ApiResource>& resources,
                                     const std::string& kind) {
  const auto found =
      std::find_if(resources.begin(), resources.end(), [&](const ApiResource& resource) {
        return resource.kind == kind || lower_case(resource.kind) == kind;
      });
  if (found == resources.end()) return std::nullopt;
  return *found;
}

std::optional<ApiGroup> find_group(const std::vector<ApiGroup>& groups, const std::string& name) {
  const auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const ApiGroup& group) { return group.name == name; });
  if (found == groups.end()) return std::nullopt;
  return *found;
}

/// An APIResourceList. Subresources (`deployments/scale`) are left out: they have kinds of others.
std::vector<ApiResource> parse_resources(std::string_view body, const ApiVersion& version) {
  const std::string_view list = json_value(body);
  require_object(list, "the list of resources of " + to_string(version));
  std::vector<ApiResource> resources;
  for (const std::string_view item : array_field(list, "resources")) {
    require_object(item, "a resource of " + to_string(version));
    const std::string plural = string_field(item, "name");
    if (plural.empty() || plural.find('/') != std::string::npos) continue;
    const bool namespaced = json_member(item, "namespaced").value_or("false") == "true";
    resources.push_back({version, string_field(item, "kind"), plural, namespaced});
  }
  return resources;
}

/// An APIGroupList.
std::vector<ApiGroup> parse_groups(std::string_view body) {
  const std::string_view list = json_value(body);
  require_object(list, "the list of API groups");
  std::vector<ApiGroup> groups;
  for (const std::string_view item : array_field(list, "groups")) {
    require_object(item, "an API group");
    ApiGroup group{string_field(item, "name"), "", {}};
    if (const auto preferred = object_field(item, "preferredVersion")) {
      group.preferred_version = string_field(*preferred, "version");
    }
    for (const std::string_view version : array_field(item, "versions")) {
      require_object(version, "a version of " + group.name);
      group.versions.push_back(string_field(version, "version"));
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

/// The group's versions, the preferred one first.
std::vector<std::string> by_preference(const ApiGroup& group) {
  std::vector<std::string> versions = group.versions;
  std::stable_partition(versions.begin(), versions.end(), [&](const std::string& version) {
    return version == group.preferred_version;
  });
  return versions;
}

}  // namespace

Discovery::Discovery(RestClient& rest, Clock& clock) : rest_(rest), clock_(clock) {}

ApiResource Discovery::resource(const std::string& api_version, const std::string& kind,
                                const Budget& budget) {
  const auto version = parse_api_version(api_version);
  if (!version) throw no_match(kind, "version \"\"");
  if (const auto found = find(*version, kind, budget)) return *found;
  throw no_match(kind, "version " + json_quote(to_string(*version)));
}

ApiResource Discovery::resource_in_group(const std::string& group_name, const std::string& kind,
                                         const Budget& budget) {
  if (group_name.empty()) return resource("v1", kind, budget);
  std::optional<KubernetesError> failure;
  if (const auto served = group(group_name, budget)) {
    for (const std::string& version : by_preference(*served)) {
      try {
        if (const auto found = find({group_name, version}, kind, budget)) return *found;
      } catch (const KubernetesError& error) {
        failure = error;  // another version may do
      }
    }
  }
  throw failure.value_or(no_match(kind, "group " + json_quote(group_name)));
}

std::optional<ApiGroup> Discovery::group(const std::string& name, const Budget& budget) {
  if (const auto known = known_groups()) {
    const auto found = find_group(known->items, name);
    if (found || just_read(known->read_at)) return found;
  }
  return find_group(read_groups(budget), name);
}

void Discovery::forget(const ApiVersion& version) {
  const std::lock_guard lock(mutex_);
  const auto found = resources_.find(to_string(version));
  if (found != resources_.end() && !just_read(found->second.read_at)) resources_.erase(found);
}

void Discovery::forget_groups() {
  const std::lock_guard lock(mutex_);
  if (groups_ && !just_read(groups_->read_at)) groups_.reset();
}

std::optional<ApiResource> Discovery::find(const ApiVersion& version, const std::string& kind,
                                           const Budget& budget) {
  if (version.version.empty()) return std::nullopt;
  if (const auto known = known_resources(version)) {
    const auto found = find_kind(known->items, kind);
    if (found || just_read(known->read_at)) return found;
  }
  return find_kind(read_resources(version, budget), kind);
}

std::vector<ApiResource> Discovery::read_resources(const ApiVersion& version,
                                                   const Budget& budget) {
  std::vector<ApiResource> resources;
  try {
    resources = rest_.send({.path = api_base(version) + server_timeout}, budget,
                           [&](std::string_view body) { return parse_resources(body, version); });
  } catch (const RequestError& error) {
    if (error.status != 404) throw;  // 404: nothing is served in this version
  }
  const std::lock_guard lock(mutex_);
  resources_[to_string(version)] = {resources, clock_.now()};
  return resources;
}

std::vector<ApiGroup> Discovery::read_groups(const Budget& budget) {
  std::vector<ApiGroup> groups =
      rest_.send({.path = std::string("/apis") + server_timeout}, budget, parse_groups);
  const std::lock_guard lock(mutex_);
  groups_ = {groups, clock_.now()};
  return groups;
}

std::optional<Discovery::List<ApiResource>> Discovery::known_resources(
    const ApiVersion& version) const {
  const std::lock_guard lock(mutex_);
  const auto found = resources_.find(to_string(version));
  if (found == resources_.end()) return std::nullopt;
  return found->second;
}

std::optional<Discovery::List<ApiGroup>> Discovery::known_groups() const {
  const std::lock_guard lock(mutex_);
  return groups_;
}

bool Discovery::just_read(TimePoint read_at) const { return clock_.now() - read_at < miss_pause; }

}  // namespace cpab
