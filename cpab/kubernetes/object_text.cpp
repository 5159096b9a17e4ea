#include "cpab/kubernetes/object_text.h"

#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/json_fields.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

bool has_text(std::string_view value) { return value.size() > 2 && value.front() == '"'; }

/// Most answers have no line breaks; looking for them this way costs next to nothing.
std::string on_one_line(std::string_view object) {
  const bool broken = object.find('\n') != object.npos || object.find('\r') != object.npos;
  return broken ? json_one_line(object) : std::string(object);
}

/// `object` with `member` as its first one.
std::string with_member(std::string_view member, std::string_view object) {
  std::string out;
  out.reserve(member.size() + object.size() + 1);
  out += '{';
  out += member;
  const std::size_t rest = object.find_first_not_of(" \t\r\n", 1);
  if (object[rest] != '}') out += ',';
  out += object.substr(1);
  return out;
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
  if (!metadata.empty()) {
    resource.name = string_field(metadata, "name");
    resource.uid = string_field(metadata, "uid");
  }
  if (resource.name.empty()) {
    throw KubernetesError(200, "the " + std::string(kind) + " has no metadata.name");
  }
  std::string text = on_one_line(object);
  if (!has_kind) text = with_member("\"kind\":" + json_quote(kind), text);
  if (!has_version) text = with_member("\"apiVersion\":" + json_quote(api_version), text);
  resource.json = std::move(text);
  return resource;
}

}  // namespace cpab
