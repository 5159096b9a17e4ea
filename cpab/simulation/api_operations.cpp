#include "cpab/simulation/api_operations.h"

#include <algorithm>

#include "cpab/simulation/admission.h"
#include "cpab/simulation/api_error.h"
#include "cpab/simulation/scale_document.h"

namespace cpab {
namespace {

Json parse_body(std::string_view body) {
  try {
    auto document = Json::parse(body);
    if (!document.is_object()) throw bad_request("the body of the request is not a JSON object");
    return document;
  } catch (const JsonError& error) {
    throw bad_request(std::string("the body of the request is not JSON: ") + error.what());
  }
}

/// Optimistic concurrency: whoever names a resourceVersion means that one.
void check_version(const StoredObject& stored, const Json& wanted) {
  const auto version = wanted.string_at("/metadata/resourceVersion");
  if (!version.empty() && version != std::to_string(stored.version())) {
    throw stale_version(stored.type(), stored.name());
  }
  const auto uid = wanted.string_at("/metadata/uid");
  if (!uid.empty() && uid != stored.uid()) {
    throw conflict(stored.type(), stored.name(),
                   "Precondition failed: UID in precondition: " + uid +
                       ", UID in object meta: " + stored.uid());
  }
}

void check_name(const StoredObject& stored, const Json& wanted) {
  const auto name = wanted.string_at("/metadata/name");
  if (name == stored.name()) return;
  throw bad_request("the name of the object (" + name + ") does not match the name on the URL (" +
                    stored.name() + ")");
}

Json part_of(const StoredObject& stored, ObjectPart part) {
  return part == ObjectPart::scale ? scale_of(stored) : stored.document();
}

Object store(ClusterState& state, const Object& stored, ObjectPart part, const Json& wanted) {
  check_version(*stored, wanted);
  auto next = part == ObjectPart::scale ? with_scale(*stored, wanted)
                                        : merged(*stored, wanted, part == ObjectPart::status);
  return state.update(stored, std::move(next));
}

ClusterState::Removal removal_for(const Json& options) {
  if (options.integer_at("/gracePeriodSeconds") == 0) return ClusterState::Removal::immediate;
  if (options.string_at("/propagationPolicy") == "Orphan") return ClusterState::Removal::orphan;
  return ClusterState::Removal::graceful;
}

/// The place after which a page continues, `<namespace>/<name>`, in hexadecimal so that clients
/// treat it as the opaque text it is.
std::string encode_token(const StoredObject& last) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string token;
  for (const unsigned char c : last.namespace_name() + "/" + last.name()) {
    token += digits[c >> 4];
    token += digits[c & 15];
  }
  return token;
}

std::pair<std::string, std::string> decode_token(const std::string& token) {
  std::string place;
  try {
    for (std::size_t i = 0; i + 1 < token.size(); i += 2) {
      place += static_cast<char>(std::stoi(token.substr(i, 2), nullptr, 16));
    }
  } catch (const std::exception&) {
    place.clear();
  }
  const auto slash = place.find('/');
  if (slash == std::string::npos) throw bad_request("continue key is not valid: " + token);
  return {place.substr(0, slash), place.substr(slash + 1)};
}

void skip_to_page(std::vector<Object>& objects, const std::string& token) {
  if (token.empty()) return;
  const auto last = decode_token(token);
  std::erase_if(objects, [&](const Object& object) {
    return std::pair(object->namespace_name(), object->name()) <= last;
  });
}

}  // namespace

Object get_object(const ClusterState& state, const ObjectPlace& place) {
  auto object = state.objects().find(place.type, place.namespace_name, place.name);
  if (!object) throw not_found(place.type, place.name);
  return object;
}

ListPage list_objects(const ClusterState& state, const ResourceType& type,
                      const std::string& namespace_name, const ListQuery& query) {
  ListPage page;
  page.objects = state.objects().list(type, namespace_name);
  std::erase_if(page.objects, [&](const Object& object) {
    return !query.labels.matches(object->labels()) || !query.fields.matches(object->document());
  });
  skip_to_page(page.objects, query.continue_token);
  if (query.limit > 0 && page.objects.size() > query.limit) {
    page.remaining = page.objects.size() - query.limit;
    page.objects.resize(query.limit);
    page.continue_token = encode_token(*page.objects.back());
  }
  return page;
}

Object create_object(ClusterState& state, const ResourceType& type,
                     const std::string& namespace_name, std::string_view body) {
  auto document = parse_body(body);
  const auto own = document.string_at("/metadata/namespace");
  if (type.namespaced && !own.empty() && own != namespace_name) {
    throw bad_request(
        "the namespace of the provided object does not match the namespace sent on "
        "the request");
  }
  const auto prefix = document.string_at("/metadata/generateName");
  if (document.string_at("/metadata/name").empty() && !prefix.empty()) {
    document.set("/metadata/name", prefix + state.random_suffix());
  }
  if (type.namespaced) document.set("/metadata/namespace", namespace_name);
  return state.create(type, admitted(type, std::move(document)));
}

Object replace_object(ClusterState& state, const ObjectPlace& place, ObjectPart part,
                      std::string_view body) {
  const auto stored = get_object(state, place);
  const auto wanted = parse_body(body);
  check_name(*stored, wanted);
  return store(state, stored, part, wanted);
}

Object patch_object(ClusterState& state, const ObjectPlace& place, ObjectPart part, PatchType type,
                    std::string_view patch) {
  const auto stored = get_object(state, place);
  if (type == PatchType::strategic && place.type.custom) throw unsupported_media_type();
  try {
    return store(state, stored, part, apply_patch(part_of(*stored, part), type, patch));
  } catch (const JsonError& error) {
    throw bad_request(std::string("error decoding patch: ") + error.what());
  }
}

Object delete_object(ClusterState& state, const ObjectPlace& place, std::string_view options) {
  const auto stored = get_object(state, place);
  const auto wanted = options.empty() ? Json() : parse_body(options);
  const auto uid = wanted.string_at("/preconditions/uid");
  if (!uid.empty()) check_version(*stored, Json().set("/metadata/uid", uid));
  state.remove(stored, removal_for(wanted));
  auto left = state.objects().find_uid(stored->uid());
  return left ? left : stored;
}

}  // namespace cpab
