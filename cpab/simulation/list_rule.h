#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// How the API treats a list: as one value, as a set of values, or as a map whose elements are
/// known by some of their members.
struct ListRule {
  enum class Kind { atomic, set, map };
  Kind kind = Kind::atomic;
  std::vector<std::string> keys;  ///< of a map, the strategic merge key first
};

/// The rule for the list `list` in the field called `field` of a built-in type. The fields of pods
/// and what holds them, and of metadata, are known; everything else is atomic, and so is a list
/// with an element that lacks its key.
ListRule list_rule(std::string_view field, const nlohmann::ordered_json& list);

/// Whether the object in the field called `field` of a built-in type is one value to server-side
/// apply, such as a selector.
bool is_atomic_object(std::string_view field);

/// The members of `element` that name it: `{"containerPort":80,"protocol":"TCP"}`. Null when one
/// is missing that has no default.
nlohmann::ordered_json element_key(const ListRule& rule, const nlohmann::ordered_json& element);

}  // namespace cpab
