#pragma once

#include <string>

#include "cpab/simulation/field_set.h"

namespace cpab {

/// Who writes an object, as an entry of metadata.managedFields says it.
struct FieldWriter {
  std::string manager;  ///< empty: nobody who is kept track of
  std::string api_version;
  std::string subresource;  ///< `status`, `scale`, or empty
  std::string time;         ///< RFC 3339
  FieldRules rules = FieldRules::builtin;
};

/// `document` as a client has created it: the fields are its own.
Json with_created_ownership(Json document, const FieldWriter& writer);

/// `after` as a client has made it from `before` by a PUT or PATCH: what it changed is its own
/// from now on. A list of owners that the client sent along replaces the one before. Objects
/// without owners stay without.
Json with_updated_ownership(const Json& before, Json after, const FieldWriter& writer);

/// `document` as made from `configuration` by an apply.
Json with_applied_ownership(Json document, const Json& configuration, const FieldWriter& writer);

/// `live` after a server-side apply of `configuration`: its fields are the writer's, and those the
/// writer applied before and now leaves out go, unless somebody else has them too. Throws ApiError
/// (409) when it would change fields of others, unless `force`: then they lose them. What was
/// never applied nor tracked before belongs to the manager `before-first-apply`.
Json applied(const Json& live, const Json& configuration, const FieldWriter& writer, bool force);

}  // namespace cpab
