#include "cpab/simulation/patch.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cpab/simulation/api_error.h"

namespace cpab {
namespace {

using Tree = nlohmann::ordered_json;

/// As the API server's library has it, a missing member equals null.
bool test_holds(const Tree& tree, const Tree& operation) {
  const Tree::json_pointer place(operation.at("path").get<std::string>());
  const Tree wanted = operation.contains("value") ? operation["value"] : Tree();
  return tree.contains(place) ? Json(tree.at(place)) == Json(wanted) : wanted.is_null();
}

/// The API server lets `replace` make the member of an object that is not there yet.
Tree lenient(const Tree& tree, Tree operation) {
  if (operation.at("op") != "replace") return operation;
  const Tree::json_pointer place(operation.at("path").get<std::string>());
  if (!tree.contains(place) && !place.empty() && tree.at(place.parent_pointer()).is_object()) {
    operation["op"] = "add";
  }
  return operation;
}

Tree apply_operations(Tree tree, const Tree& operations) {
  for (const auto& operation : operations) {
    if (operation.at("op") == "test") {
      if (!test_holds(tree, operation)) throw patch_refused();
    } else {
      tree = tree.patch(Tree::array({lenient(tree, operation)}));
    }
  }
  return tree;
}

Json apply_json_patch(const Json& document, const Tree& operations) {
  if (!operations.is_array()) throw JsonError("a JSON patch is a list of operations");
  try {
    return Json(apply_operations(document.tree(), operations));
  } catch (const Tree::exception&) {
    throw patch_refused();
  }
}

bool is_list_of_named(const Tree& value) {
  return value.is_array() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](const Tree& element) {
           return element.is_object() && element.contains("name");
         });
}

Tree::iterator find_named(Tree& list, const Tree& name) {
  return std::find_if(list.begin(), list.end(),
                      [&](const Tree& element) { return element.at("name") == name; });
}

void merge_strategically(Tree& tree, const Tree& patch);

void merge_named(Tree& list, const Tree& patch) {
  for (const auto& change : patch) {
    const auto found = find_named(list, change.at("name"));
    const bool deletes = change.value("$patch", "") == "delete";
    if (found == list.end()) {
      if (!deletes) list.push_back(change);
    } else if (deletes) {
      list.erase(found);
    } else {
      merge_strategically(*found, change);
    }
  }
}

void merge_strategically(Tree& tree, const Tree& patch) {
  if (!patch.is_object()) {
    tree = patch;
    return;
  }
  if (!tree.is_object()) tree = Tree::object();
  for (const auto& [key, value] : patch.items()) {
    if (key.starts_with('$')) continue;  // directives about order
    if (value.is_null()) {
      tree.erase(key);
    } else if (tree.contains(key) && is_list_of_named(tree[key]) && is_list_of_named(value)) {
      merge_named(tree[key], value);
    } else {
      merge_strategically(tree[key], value);
    }
  }
}

}  // namespace

Json apply_patch(const Json& document, PatchType type, std::string_view patch) {
  const auto parsed = Json::parse(patch);
  if (type == PatchType::json) return apply_json_patch(document, parsed.tree());
  if (!parsed.is_object()) throw JsonError("a merge patch is an object");
  Json result = document;
  if (type == PatchType::merge) {
    result.tree().merge_patch(parsed.tree());
  } else {
    merge_strategically(result.tree(), parsed.tree());
  }
  return result;
}

}  // namespace cpab
