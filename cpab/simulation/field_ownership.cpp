#include "cpab/simulation/field_ownership.h"

#include <algorithm>
#include <map>
#include <vector>

#include "cpab/model/json_text.h"
#include "cpab/simulation/api_error.h"

namespace cpab {
namespace {

constexpr const char* managed_fields = "/metadata/managedFields";

/// One entry of managedFields.
struct Owner {
  std::string manager;
  std::string operation;  ///< `Apply` or `Update`
  std::string api_version;
  std::string subresource;
  std::string time;
  FieldSet fields;

  /// Appliers are the same whatever version they write in.
  bool is(const FieldWriter& writer, const std::string& wanted_operation) const {
    return manager == writer.manager && operation == wanted_operation &&
           subresource == writer.subresource &&
           (operation == "Apply" || api_version == writer.api_version);
  }

  std::string text() const {
    auto result = json_quote(manager);
    if (!subresource.empty()) result += " with subresource " + json_quote(subresource);
    return operation == "Update" ? result + " using " + api_version : result;
  }
};

using Owners = std::vector<Owner>;

Owners read_owners(const Json& document) {
  Owners owners;
  for (const auto& entry : document.elements_at(managed_fields)) {
    const auto manager = entry.string_at("/manager");
    if (manager.empty()) continue;  // `[{}]` resets the ownership
    owners.push_back({manager, entry.string_at("/operation"), entry.string_at("/apiVersion"),
                      entry.string_at("/subresource"), entry.string_at("/time"),
                      parse_fields_v1(entry.at("/fieldsV1"))});
  }
  return owners;
}

Json owner_entry(const Owner& owner) {
  Json entry;
  entry.set("/manager", owner.manager).set("/operation", owner.operation);
  entry.set("/apiVersion", owner.api_version).set("/time", owner.time);
  entry.set("/fieldsType", "FieldsV1").set("/fieldsV1", fields_v1(owner.fields));
  if (!owner.subresource.empty()) entry.set("/subresource", owner.subresource);
  return entry;
}

/// Owners of nothing are left out.
Json with_owners(Json document, const Owners& owners) {
  document.erase(managed_fields);
  for (const auto& owner : owners) {
    if (owner.fields.empty()) continue;
    if (!document.contains(managed_fields)) document.set(managed_fields, Json::parse("[]"));
    document.set(std::string(managed_fields) + "/-", owner_entry(owner));
  }
  return document;
}

Owner make_owner(const FieldWriter& writer, const std::string& operation, FieldSet fields) {
  return {writer.manager,     operation,   writer.api_version,
          writer.subresource, writer.time, std::move(fields)};
}

Owner& owner_for(Owners& owners, const FieldWriter& writer, const std::string& operation) {
  for (auto& owner : owners) {
    if (owner.is(writer, operation)) return owner;
  }
  return owners.emplace_back(make_owner(writer, operation, {}));
}

void erase_fields(FieldSet& fields, const FieldSet& gone) {
  for (const auto& path : gone) fields.erase(path);
}

/// Those fields of `after` whose value is another one in `before`.
FieldSet changed_fields(const Json& before, const Json& after, FieldRules rules) {
  auto fields = fields_of(after, rules);
  std::erase_if(fields, [&](const FieldPath& path) {
    const bool is_element = !path.back().starts_with("f:");
    const auto old = value_at(before, path);
    return is_element ? old != Json::parse("null") : old == value_at(after, path);
  });
  return fields;
}

FieldSet lost_fields(const Json& before, const Json& after, FieldRules rules) {
  auto lost = fields_of(before, rules);
  erase_fields(lost, fields_of(after, rules));
  return lost;
}

bool starts_with(const FieldPath& path, const FieldPath& prefix) {
  return path.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

/// Whether some other owner has the field at `path`, or one below it.
bool has_other_owner(const Owners& owners, const Owner& self, const FieldPath& path) {
  return std::any_of(owners.begin(), owners.end(), [&](const Owner& owner) {
    if (&owner == &self) return false;
    const auto found = owner.fields.lower_bound(path);
    return found != owner.fields.end() && starts_with(*found, path);
  });
}

struct Conflict {
  const Owner* owner;
  FieldPath path;
};

/// `conflict with "kubectl" using apps/v1: .spec.replicas`, or a list when there are several.
std::string conflicts_text(const std::vector<Conflict>& conflicts) {
  const auto count = conflicts.size();
  std::string text =
      "Apply failed with " + std::to_string(count) + (count == 1 ? " conflict: " : " conflicts: ");
  if (count == 1) {
    return text + "conflict with " + conflicts[0].owner->text() + ": " +
           path_text(conflicts[0].path);
  }
  std::map<std::string, std::string> by_owner;
  for (const auto& conflict : conflicts) {
    by_owner[conflict.owner->text()] += "\n- " + path_text(conflict.path);
  }
  std::string list;
  for (const auto& [owner, paths] : by_owner) {
    list += (list.empty() ? "" : "\n") + ("conflicts with " + owner + ":" + paths);
  }
  return text + list;
}

ApiError conflict_error(const std::vector<Conflict>& conflicts) {
  std::string causes;
  for (const auto& conflict : conflicts) {
    causes +=
        (causes.empty() ? "" : ",") + (R"({"reason":"FieldManagerConflict","message":)" +
                                       json_quote("conflict with " + conflict.owner->text()) +
                                       R"(,"field":)" + json_quote(path_text(conflict.path)) + "}");
  }
  return {409, "Conflict", conflicts_text(conflicts), R"({"causes":[)" + causes + "]}"};
}

std::vector<Conflict> conflicts_over(const FieldSet& fields, const Owners& owners,
                                     const FieldWriter& writer) {
  std::vector<Conflict> conflicts;
  for (const auto& owner : owners) {
    if (owner.is(writer, "Apply")) continue;
    for (const auto& path : fields) {
      if (owner.fields.contains(path)) conflicts.push_back({&owner, path});
    }
  }
  return conflicts;
}

/// Whether the path ends with a member that names the element of the list it is in.
bool is_key(const FieldPath& path) {
  if (path.size() < 2 || !path[path.size() - 2].starts_with("k:")) return false;
  return Json::parse(path[path.size() - 2].substr(2)).contains("/" + path.back().substr(2));
}

/// Removes what the applier had and does not want any more. Elements of lists go as a whole, before
/// their members would; those that somebody else has a part in keep their names.
void give_up(Json& document, const FieldSet& given_up, const Owners& owners, const Owner& self) {
  for (const auto& path : given_up) {
    if (!is_key(path) && !has_other_owner(owners, self, path)) erase_at(document, path);
  }
}

void check_applier(const Json& configuration, const FieldWriter& writer) {
  if (writer.manager.empty()) {
    throw invalid_field("PatchOptions.meta.k8s.io", "", "fieldManager",
                        "Required value: is required for apply patch");
  }
  if (configuration.contains(std::string(managed_fields) + "/0")) {
    throw bad_request("metadata.managedFields must be nil");
  }
}

/// Whoever made an object that nobody kept track of.
void add_first_owner(Owners& owners, const Json& live, const FieldWriter& writer) {
  if (!owners.empty()) return;
  auto document = live;
  auto first = writer;
  first.manager = "before-first-apply";
  first.subresource.clear();
  owners.push_back(make_owner(first, "Update", fields_of(document.erase("/status"), writer.rules)));
}

}  // namespace

Json with_created_ownership(Json document, const FieldWriter& writer) {
  if (writer.manager.empty()) return document;
  auto tracked = document;
  auto fields = fields_of(tracked.erase("/status"), writer.rules);
  return with_owners(std::move(document), {make_owner(writer, "Update", std::move(fields))});
}

Json with_applied_ownership(Json document, const Json& configuration, const FieldWriter& writer) {
  check_applier(configuration, writer);
  return with_owners(std::move(document),
                     {make_owner(writer, "Apply", fields_of(configuration, writer.rules))});
}

Json with_updated_ownership(const Json& before, Json after, const FieldWriter& writer) {
  const bool sent = after.contains(std::string(managed_fields) + "/0");
  auto owners = read_owners(sent ? after : before);
  if (owners.empty() || writer.manager.empty()) return with_owners(std::move(after), owners);
  const auto changed = changed_fields(before, after, writer.rules);
  const auto lost = lost_fields(before, after, writer.rules);
  for (auto& owner : owners) {
    if (!owner.is(writer, "Update")) erase_fields(owner.fields, changed);
    erase_fields(owner.fields, lost);
  }
  if (!changed.empty()) {
    auto& self = owner_for(owners, writer, "Update");
    self.fields.insert(changed.begin(), changed.end());
    self.time = writer.time;
  }
  return with_owners(std::move(after), owners);
}

Json applied(const Json& live, const Json& configuration, const FieldWriter& writer, bool force) {
  check_applier(configuration, writer);
  auto owners = read_owners(live);
  add_first_owner(owners, live, writer);
  const auto wanted = fields_of(configuration, writer.rules);
  auto document = merged_fields(live, configuration, writer.rules);
  auto changed = changed_fields(live, document, writer.rules);
  std::erase_if(changed, [&](const FieldPath& path) { return !wanted.contains(path); });
  const auto conflicts = conflicts_over(changed, owners, writer);
  if (!conflicts.empty() && !force) throw conflict_error(conflicts);
  auto& self = owner_for(owners, writer, "Apply");
  for (auto& owner : owners) {
    if (&owner != &self) erase_fields(owner.fields, changed);
  }
  auto given_up = self.fields;
  erase_fields(given_up, wanted);
  give_up(document, given_up, owners, self);
  if (self.fields != wanted) self.time = writer.time;
  self.fields = wanted;
  return with_owners(std::move(document), owners);
}

}  // namespace cpab
