#include "cpab/simulation/object_store.h"

#include <array>
#include <cstdio>
#include <iterator>
#include <utility>

#include "cpab/model/json_text.h"
#include "cpab/simulation/api_error.h"

namespace cpab {
StoredObject::StoredObject(const ResourceType& type, Json document, std::uint64_t version,
                           std::uint64_t born)
    : type_(&type.storage()),
      document_(std::move(document)),
      name_(document_.string_at("/metadata/name")),
      namespace_name_(document_.string_at("/metadata/namespace")),
      uid_(document_.string_at("/metadata/uid")),
      owner_uid_(document_.string_at("/metadata/ownerReferences/0/uid")),
      labels_(document_.strings_at("/metadata/labels")),
      version_(version),
      born_(born),
      terminating_(document_.contains("/metadata/deletionTimestamp")) {}

const std::string& StoredObject::members_text() const {
  if (members_text_.empty()) members_text_ = document_.text().substr(1);
  return members_text_;
}

std::string StoredObject::text(const ResourceType& version) const {
  return R"({"kind":)" + json_quote(version.kind) + R"(,"apiVersion":)" +
         json_quote(version.api_version()) + "," + members_text();
}

Object ObjectStore::find(const ResourceType& type, const std::string& namespace_name,
                         const std::string& name) const {
  const auto objects = objects_.find(&type.storage());
  if (objects == objects_.end()) return nullptr;
  const auto found = objects->second.find({namespace_name, name});
  return found == objects->second.end() ? nullptr : found->second;
}

Object ObjectStore::find_uid(const std::string& uid) const {
  const auto found = by_uid_.find(uid);
  return found == by_uid_.end() ? nullptr : found->second;
}

std::vector<Object> ObjectStore::list(const ResourceType& type,
                                      const std::string& namespace_name) const {
  std::vector<Object> result;
  const auto objects = objects_.find(&type.storage());
  if (objects == objects_.end()) return result;
  const auto& places = objects->second;
  const bool everywhere = namespace_name.empty();
  for (auto next = places.lower_bound({namespace_name, ""}); next != places.end(); ++next) {
    if (!everywhere && next->first.first != namespace_name) break;
    result.push_back(next->second);
  }
  return result;
}

std::vector<Object> ObjectStore::owned_by(const std::string& owner_uid) const {
  std::vector<Object> result;
  const auto owned = by_owner_.find(owner_uid);
  if (owned == by_owner_.end()) return result;
  for (const auto& [age, object] : owned->second) result.push_back(object);
  return result;
}

std::vector<Object> ObjectStore::list_at(const ResourceType& type,
                                         const std::string& namespace_name,
                                         std::uint64_t version) const {
  if (!knows(version)) throw expired("The resourceVersion for the provided list is too old.");
  std::map<Place, Object> places;
  for (const auto& object : list(type, namespace_name)) {
    places[{object->namespace_name(), object->name()}] = object;
  }
  // The changes made since are taken back, the newest first.
  for (auto next = changes_.rbegin(); next != changes_.rend() && next->version > version; ++next) {
    const auto& object = *next->object;
    const bool listed = &object.type() == &type.storage() &&
                        (namespace_name.empty() || object.namespace_name() == namespace_name);
    if (!listed) continue;
    if (next->before) {
      places[{object.namespace_name(), object.name()}] = next->before;
    } else {
      places.erase({object.namespace_name(), object.name()});
    }
  }
  std::vector<Object> result;
  result.reserve(places.size());
  for (const auto& [place, object] : places) result.push_back(object);
  return result;
}

Object ObjectStore::preview(const ResourceType& type, Json document, WallTime now) {
  const auto version = version_ + 1;
  document.set("/metadata/uid", random_uid());
  document.set("/metadata/resourceVersion", std::to_string(version));
  document.set("/metadata/creationTimestamp", rfc3339_seconds(now));
  return std::make_shared<const StoredObject>(type, std::move(document), version, version);
}

Object ObjectStore::create(const ResourceType& type, Json document, WallTime now) {
  const auto object = preview(type, std::move(document), now);
  version_ = object->version();
  put(object, {ObjectChange::Kind::added, version_, object, nullptr});
  return object;
}

Object ObjectStore::update(const Object& object, Json document) {
  document.set("/metadata/resourceVersion", std::to_string(object->version()));
  if (document == object->document()) return object;
  const auto version = ++version_;
  document.set("/metadata/resourceVersion", std::to_string(version));
  if (!object->owner_uid().empty()) by_owner_[object->owner_uid()].erase(object->born());
  const auto next = std::make_shared<const StoredObject>(object->type(), std::move(document),
                                                         version, object->born());
  put(next, {ObjectChange::Kind::modified, version, next, object});
  return next;
}

void ObjectStore::remove(const Object& object) {
  objects_[&object->type()].erase({object->namespace_name(), object->name()});
  by_uid_.erase(object->uid());
  if (const auto owned = by_owner_.find(object->owner_uid()); owned != by_owner_.end()) {
    owned->second.erase(object->born());
    if (owned->second.empty()) by_owner_.erase(owned);
  }
  // Deleting is a change of its own: the last object a watch sees carries the new version.
  const auto version = ++version_;
  auto document = object->document();
  document.set("/metadata/resourceVersion", std::to_string(version));
  remember({ObjectChange::Kind::deleted, version,
            std::make_shared<const StoredObject>(object->type(), std::move(document), version,
                                                 object->born()),
            object});
}

void ObjectStore::put(const Object& object, ObjectChange change) {
  objects_[&object->type()][{object->namespace_name(), object->name()}] = object;
  by_uid_[object->uid()] = object;
  if (!object->owner_uid().empty()) by_owner_[object->owner_uid()][object->born()] = object;
  remember(std::move(change));
}

void ObjectStore::remember(ObjectChange change) {
  changes_.push_back(std::move(change));
  for (; changes_.size() > history_length_; changes_.pop_front()) {
    forgotten_ = changes_.front().version;
  }
}

bool ObjectStore::knows(std::uint64_t version) const { return version >= forgotten_; }

std::vector<ObjectChange> ObjectStore::changes_since(std::uint64_t version) const {
  if (!knows(version)) {
    throw expired("too old resource version: " + std::to_string(version) + " (" +
                  std::to_string(forgotten_ + 1) + ")");
  }
  auto first = changes_.end();
  while (first != changes_.begin() && std::prev(first)->version > version) --first;
  return {first, changes_.end()};
}

/// splitmix64: small, and the same on every machine.
std::uint64_t ObjectStore::next_random() {
  random_ += 0x9e3779b97f4a7c15u;
  std::uint64_t value = random_;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

std::string ObjectStore::random_suffix() {
  // Kubernetes' alphabet: no vowels and no digits that look like them, so that no words appear.
  constexpr std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
  std::string suffix;
  for (auto value = next_random(); suffix.size() < 5; value /= letters.size()) {
    suffix += letters[value % letters.size()];
  }
  return suffix;
}

std::string ObjectStore::random_uid() {
  const auto high = next_random();
  const auto low = next_random();
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-a%03x-%012llx",
                static_cast<unsigned>(high >> 32), static_cast<unsigned>(high >> 16 & 0xffff),
                static_cast<unsigned>(high & 0xfff), static_cast<unsigned>(low >> 52),
                static_cast<unsigned long long>(low & 0xffffffffffffu));
  return text.data();
}

}  // namespace cpab
