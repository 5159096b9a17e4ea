#include "cpab/kubernetes/object_text.h"

#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/json_fields.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

bool has_text(std::string_view value) { return value.size() > 2 && value.front() == '"'; }

/// `object` with `members` as its first ones.
std::string with_members(std::string_view members, std::string_view object) {
  std::string out;
  out.reserve(members.size() + object.size() + 1);
  out += '{';
  out += members;
  const std::size_t rest = object.find_first_not_of(" \t\r\n", 1);
  if (object[rest] != '}') out += ',';
  out += object.substr(1);
  return out;
}

/// In one walk: annotations, which can be long, come before both.
void read_identity(std::string_view metadata, Resource& resource) {
  for (const auto& [key, value] : json_members(metadata)) {
    if (key == "name") resource.name = string_value(key, value);
    if (key == "uid") resource.uid = string_value(key, value);
  }
}

}  // namespace

Resource resource_of(std::string_view object, std::string_view api_version, std::string_view kind) {
  require_object(object, "the " + std::string(kind));
  std::string_view metadata;
  bool has_version = false;
  bool has_kind = false;
  for (const auto& [key, value] : json_members(object)) {
    if (key == "metadata" && value.front() == '{') metadata = value;
    if (key == "apiVersion") has_version = has_text(value);
    if (key == "kind") has_kind = has_text(value);
  }
  Resource resource;
  if (!metadata.empty()) read_identity(metadata, resource);
  if (resource.name.empty()) {
    throw KubernetesError(200, "the " + std::string(kind) + " has no metadata.name");
  }
  std::string missing;
  if (!has_version) missing = "\"apiVersion\":" + json_quote(api_version);
  if (!has_kind) missing += (missing.empty() ? "\"kind\":" : ",\"kind\":") + json_quote(kind);
  resource.json = json_one_line(object);
  if (!missing.empty()) resource.json = with_members(missing, resource.json);
  return resource;
}

}  // namespace cpab
