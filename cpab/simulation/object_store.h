#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "cpab/model/time.h"
#include "cpab/simulation/json.h"
#include "cpab/simulation/resource_type.h"

namespace cpab {

/// One version of a stored object. It never changes; a change stores another one.
class StoredObject {
 public:
  StoredObject(const ResourceType& type, Json document, std::uint64_t version, std::uint64_t born);

  /// What it is kept under; the versions of its kind share it.
  const ResourceType& type() const { return *type_; }
  const Json& document() const { return document_; }  ///< without kind and apiVersion
  const std::string& name() const { return name_; }
  const std::string& namespace_name() const { return namespace_name_; }
  const std::string& uid() const { return uid_; }
  const std::string& owner_uid() const { return owner_uid_; }  ///< empty: nobody's
  const std::map<std::string, std::string>& labels() const { return labels_; }
  std::uint64_t version() const { return version_; }  ///< resourceVersion
  std::uint64_t born() const { return born_; }        ///< resourceVersion at creation: its age
  bool terminating() const { return terminating_; }   ///< has a deletionTimestamp

  /// The members of the object as JSON text without the enclosing `{`: list items are this after
  /// `{`, single objects after `{"kind":...,"apiVersion":...,`. Made at the first call and kept;
  /// calls must not overlap.
  const std::string& members_text() const;

  /// The whole object with the `kind` and `apiVersion` of `version`, one of those that serve it.
  std::string text(const ResourceType& version) const;
  std::string text() const { return text(*type_); }

 private:
  const ResourceType* type_;
  Json document_;
  std::string name_;
  std::string namespace_name_;
  std::string uid_;
  std::string owner_uid_;
  std::map<std::string, std::string> labels_;
  std::uint64_t version_;
  std::uint64_t born_;
  bool terminating_;
  mutable std::string members_text_;
};

using Object = std::shared_ptr<const StoredObject>;

/// One entry of the history that watches follow.
struct ObjectChange {
  enum class Kind { added, modified, deleted };
  Kind kind = Kind::added;
  std::uint64_t version = 0;
  Object object;  ///< as it was when deleted; otherwise as it is after the change
  Object before;  ///< null when added
};

/// All objects, by type, namespace and name; each change has the next resourceVersion. Knows
/// nothing of what the objects mean.
class ObjectStore {
 public:
  /// Remembers the last `history_length` changes.
  ObjectStore(std::uint64_t seed, std::size_t history_length)
      : history_length_(history_length), random_(seed) {}

  /// Null when there is none.
  Object find(const ResourceType& type, const std::string& namespace_name,
              const std::string& name) const;
  Object find_uid(const std::string& uid) const;

  /// In the order of namespace and name; an empty namespace means all.
  std::vector<Object> list(const ResourceType& type, const std::string& namespace_name) const;

  /// The same as of an earlier version. Throws ApiError (410) when that is no longer known.
  std::vector<Object> list_at(const ResourceType& type, const std::string& namespace_name,
                              std::uint64_t version) const;

  /// What `owner_uid` owns, in the order they came to be.
  std::vector<Object> owned_by(const std::string& owner_uid) const;

  /// Stores a new object; sets its uid, creationTimestamp, resourceVersion.
  Object create(const ResourceType& type, Json document, WallTime now);

  /// What create() would store.
  Object preview(const ResourceType& type, Json document, WallTime now);

  /// Stores the next version of `object`. A document that equals the stored one changes nothing.
  Object update(const Object& object, Json document);

  void remove(const Object& object);

  std::uint64_t version() const { return version_; }

  /// The changes after `version`. Throws ApiError (410) when they are no longer known.
  std::vector<ObjectChange> changes_since(std::uint64_t version) const;

  /// Five characters, as at the end of a pod's name.
  std::string random_suffix();

 private:
  using Place = std::pair<std::string, std::string>;  // namespace, name

  bool knows(std::uint64_t version) const;
  void put(const Object& object, ObjectChange change);
  void remember(ObjectChange change);
  std::string random_uid();
  std::uint64_t next_random();

  std::map<const ResourceType*, std::map<Place, Object>> objects_;
  std::unordered_map<std::string, Object> by_uid_;
  std::unordered_map<std::string, std::map<std::uint64_t, Object>> by_owner_;  // by age
  std::deque<ObjectChange> changes_;
  std::size_t history_length_;
  std::uint64_t version_ = 1000;
  std::uint64_t forgotten_ = 1000;  // the newest version that the history does not have
  std::uint64_t random_;
};

}  // namespace cpab
