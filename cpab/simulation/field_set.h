#pragma once

#include <set>
#include <string>
#include <vector>

#include "cpab/simulation/json.h"

namespace cpab {

/// A place in an object as managedFields (fieldsV1) write it: `f:spec`, `f:containers`,
/// `k:{"name":"main"}`, `f:image`; `v:"x"` is an element of a set.
using FieldPath = std::vector<std::string>;

/// Places without those that merely lead to them: leaves, and elements of lists that are maps.
using FieldSet = std::set<FieldPath>;

/// What lists and objects of a type are to server-side apply: those of built-in types follow
/// list_rule(); those of custom resources are atomic and granular, outside of metadata.
enum class FieldRules { builtin, custom };

/// The fields of `document` that somebody can own: not its identity, nor what only the server sets.
FieldSet fields_of(const Json& document, FieldRules rules);

/// As fieldsV1, and back. What is no fieldsV1 has no fields.
Json fields_v1(const FieldSet& fields);
FieldSet parse_fields_v1(const Json& tree);

/// The value at `path`; null when there is none.
Json value_at(const Json& document, const FieldPath& path);

/// Removes what is at `path`, and the objects and lists that become empty by it.
void erase_at(Json& document, const FieldPath& path);

/// `live` with the values of `configuration`: objects are merged, lists as their rules say.
Json merged_fields(const Json& live, const Json& configuration, FieldRules rules);

/// `.spec.containers[name="main"].image`, as error messages name it.
std::string path_text(const FieldPath& path);

}  // namespace cpab
