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

void read_identity(JsonCursor& metadata, Resource& resource) {
  metadata.members([&](std::string_view key) {
    const std::string_view value = metadata.value();
    if (key == "name") resource.name = string_value(key, value);
    if (key == "uid") resource.uid = string_value(key, value);
    return true;
  });
}

/// What the object has to say about its type.
struct TypeMembers {
  bool api_version = false;
  bool kind = false;
};

TypeMembers read_object(JsonCursor& object, Resource& resource) {
  TypeMembers has;
  object.members([&](std::string_view key) {
    if (key == "metadata" && object.peek() == '{') {
      read_identity(object, resource);
      return true;
    }
    const std::string_view value = object.value();
    if (key == "apiVersion") has.api_version = has_text(value);
    if (key == "kind") has.kind = has_text(value);
    return true;
  });
  return has;
}

}  // namespace

Resource resource_of(std::string_view object, std::string_view api_version, std::string_view kind) {
  JsonCursor cursor(object);
  return resource_of(cursor, api_version, kind);
}

Resource resource_of(JsonCursor& cursor, std::string_view api_version, std::string_view kind) {
  if (cursor.peek() != '{') require_object(cursor.value(), "the " + std::string(kind));
  Resource resource;
  TypeMembers has;
  const std::string_view text = cursor.text_of([&] { has = read_object(cursor, resource); });
  if (resource.name.empty()) {
    throw KubernetesError(200, "the " + std::string(kind) + " has no metadata.name");
  }
  std::string missing;
  if (!has.api_version) missing = "\"apiVersion\":" + json_quote(api_version);
  if (!has.kind) missing += (missing.empty() ? "\"kind\":" : ",\"kind\":") + json_quote(kind);
  resource.json = json_one_line(text);
  if (!missing.empty()) resource.json = with_members(missing, resource.json);
  return resource;
}

}  // namespace cpab
