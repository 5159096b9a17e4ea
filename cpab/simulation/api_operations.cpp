#include "cpab/simulation/api_operations.h"

#include <algorithm>

#include "cpab/simulation/admission.h"
#include "cpab/simulation/api_error.h"
#include "cpab/simulation/field_ownership.h"
#include "cpab/simulation/list_token.h"
#include "cpab/simulation/scale_document.h"

namespace cpab {
namespace {

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

void check_preconditions(const StoredObject& stored, const Json& options) {
  const auto version = options.string_at("/preconditions/resourceVersion");
  if (!version.empty() && version != std::to_string(stored.version())) {
    throw conflict(stored.type(), stored.name(),
                   "Precondition failed: ResourceVersion in precondition: " + version +
                       ", ResourceVersion in object meta: " + std::to_string(stored.version()));
  }
  check_version(stored, Json().set("/metadata/uid", options.string_at("/preconditions/uid")));
}

void check_name(const StoredObject& stored, const Json& wanted) {
  const auto name = wanted.string_at("/metadata/name");
  if (name == stored.name()) return;
  throw bad_request("the name of the object (" + name + ") does not match the name on the URL (" +
                    stored.name() + ")");
}

void check_namespace(const ResourceType& type, const std::string& namespace_name,
                     const Json& document) {
  const auto own = document.string_at("/metadata/namespace");
  if (!type.namespaced || own.empty() || own == namespace_name) return;
  throw bad_request(
      "the namespace of the provided object does not match the namespace sent on the request");
}

Json part_of(const StoredObject& stored, ObjectPart part) {
  return part == ObjectPart::scale ? scale_of(stored) : stored.document();
}

/// The whole next document, when `wanted` is what `part` shall be.
Json with_part(const StoredObject& stored, const ResourceType& type, ObjectPart part,
               const Json& wanted) {
  return part == ObjectPart::scale ? with_scale(stored, wanted)
                                   : merged(stored, type, wanted, part == ObjectPart::status);
}

FieldWriter writer(const ResourceType& type, ObjectPart part, const WriteOptions& options,
                   const ClusterState& state) {
  FieldWriter result;
  result.manager = options.field_manager;
  result.api_version = type.api_version();
  result.time = rfc3339_seconds(state.now());
  if (part == ObjectPart::status) result.subresource = "status";
  if (part == ObjectPart::scale) result.subresource = "scale";
  result.rules = type.custom ? FieldRules::custom : FieldRules::builtin;
  return result;
}

Object store(ClusterState& state, const Object& stored, const ResourceType& type, ObjectPart part,
             const Json& wanted, const WriteOptions& options) {
  check_version(*stored, wanted);
  auto next = with_part(*stored, type, part, wanted);
  next = with_updated_ownership(stored->document(), std::move(next),
                                writer(type, part, options, state));
  return state.update(stored, std::move(next), options.mode);
}

ClusterState::Removal removal_for(const Json& options) {
  const auto policy = options.string_at("/propagationPolicy");
  if (policy == "Orphan" || options.at("/orphanDependents") == Json::parse("true")) {
    return ClusterState::Removal::orphan;
  }
  if (policy == "Foreground") return ClusterState::Removal::foreground;
  if (options.integer_at("/gracePeriodSeconds") == 0) return ClusterState::Removal::immediate;
  return ClusterState::Removal::graceful;
}

void give_name(ClusterState& state, Json& document) {
  const auto prefix = document.string_at("/metadata/generateName");
  if (document.string_at("/metadata/name").empty() && !prefix.empty()) {
    document.set("/metadata/name", prefix + state.random_suffix());
  }
}

/// The part of `configuration` that an apply to `part` is about, as fields of the whole object.
Json applicable(const StoredObject& stored, const ResourceType& type, ObjectPart part,
                Json configuration) {
  if (part == ObjectPart::status) {
    return Json().set("/status", configuration.at("/status"));
  }
  if (part == ObjectPart::scale) {
    const auto replicas = with_scale(stored, configuration).at(type.scale.spec_replicas);
    return Json().set(type.scale.spec_replicas, replicas);
  }
  return type.has_status ? configuration.erase("/status") : configuration;
}

Object apply_new(ClusterState& state, const ObjectPlace& place, const Json& configuration,
                 const WriteOptions& options) {
  if (!configuration.string_at("/metadata/uid").empty()) {
    throw conflict(place.type, place.name,
                   "uid mismatch: the provided object specified uid " +
                       configuration.string_at("/metadata/uid") +
                       ", and no existing object was "
                       "found");
  }
  auto wanted = configuration;
  if (place.type.has_status) wanted.erase("/status");
  auto document = wanted;
  document.set("/metadata/name", place.name);
  if (place.type.namespaced) document.set("/metadata/namespace", place.namespace_name);
  document = admitted(place.type, std::move(document));
  document = with_applied_ownership(std::move(document), wanted,
                                    writer(place.type, ObjectPart::object, options, state));
  return state.create(place.type, std::move(document), options.mode);
}

}  // namespace

Object get_object(const ClusterState& state, const ObjectPlace& place) {
  auto object = state.objects().find(place.type, place.namespace_name, place.name);
  if (!object) throw not_found(place.type, place.name);
  return object;
}

ListPage list_objects(const ClusterState& state, const ResourceType& type,
                      const std::string& namespace_name, const ListQuery& query) {
  const auto token = parse_list_token(query.continue_token);
  ListPage page;
  page.version = token ? token->version : query.version.value_or(state.objects().version());
  page.objects = page.version == state.objects().version()
                     ? state.objects().list(type, namespace_name)
                     : state.objects().list_at(type, namespace_name, page.version);
  std::erase_if(page.objects, [&](const Object& object) {
    const bool listed_before =
        token && std::pair(object->namespace_name(), object->name()) <= token->last;
    return listed_before || !query.labels.matches(object->labels()) ||
           !query.fields.matches(object->document());
  });
  if (query.limit > 0 && page.objects.size() > query.limit) {
    page.remaining = page.objects.size() - query.limit;
    page.objects.resize(query.limit);
    const auto& last = *page.objects.back();
    page.continue_token = list_token_text({page.version, {last.namespace_name(), last.name()}});
  }
  return page;
}

Object create_object(ClusterState& state, const ResourceType& type,
                     const std::string& namespace_name, Json document,
                     const WriteOptions& options) {
  check_namespace(type, namespace_name, document);
  give_name(state, document);
  if (type.namespaced) document.set("/metadata/namespace", namespace_name);
  document.erase("/metadata/managedFields");
  document = with_created_ownership(admitted(type, std::move(document)),
                                    writer(type, ObjectPart::object, options, state));
  return state.create(type, std::move(document), options.mode);
}

Object replace_object(ClusterState& state, const ObjectPlace& place, ObjectPart part,
                      const Json& document, const WriteOptions& options) {
  const auto stored = get_object(state, place);
  check_name(*stored, document);
  check_namespace(place.type, place.namespace_name, document);
  return store(state, stored, place.type, part, document, options);
}

Object patch_object(ClusterState& state, const ObjectPlace& place, ObjectPart part, PatchType type,
                    std::string_view patch, const WriteOptions& options) {
  const auto stored = get_object(state, place);
  if (type == PatchType::strategic && place.type.custom) {
    throw unsupported_media_type();
  }
  try {
    return store(state, stored, place.type, part, apply_patch(part_of(*stored, part), type, patch),
                 options);
  } catch (const JsonError& error) {
    throw bad_request(std::string("error decoding patch: ") + error.what());
  }
}

Object apply_object(ClusterState& state, const ObjectPlace& place, ObjectPart part,
                    const Json& configuration, const WriteOptions& options) {
  const auto stored = state.objects().find(place.type, place.namespace_name, place.name);
  if (!stored && part != ObjectPart::object) throw not_found(place.type, place.name);
  if (!stored) return apply_new(state, place, configuration, options);
  check_version(*stored, configuration);
  const auto who = writer(place.type, part, options, state);
  auto next = applied(stored->document(), applicable(*stored, place.type, part, configuration), who,
                      options.force);
  const auto ownership = next.at("/metadata/managedFields");
  next = merged(*stored, place.type, std::move(next), part == ObjectPart::status);
  return state.update(stored, next.set("/metadata/managedFields", ownership), options.mode);
}

Object delete_object(ClusterState& state, const ObjectPlace& place, const Json& delete_options,
                     WriteMode mode) {
  const auto stored = get_object(state, place);
  check_preconditions(*stored, delete_options);
  if (mode == WriteMode::dry_run) return stored;
  state.remove(stored, removal_for(delete_options));
  auto left = state.objects().find_uid(stored->uid());
  return left ? left : stored;
}

}  // namespace cpab
