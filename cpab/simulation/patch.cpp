#include "cpab/simulation/patch.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cpab/simulation/api_error.h"
#include "cpab/simulation/list_rule.h"

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

void merge_strategically(Tree& tree, const Tree& patch);

void merge_elements(Tree& list, const Tree& patch, const std::string& key) {
  for (const auto& change : patch) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const Tree& element) {
      return element.value(key, Tree()) == change.value(key, Tree());
    });
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

void add_values(Tree& list, const Tree& values) {
  for (const auto& value : values) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
  }
}

/// Lists that are maps are merged by their first key, sets are joined, others replaced.
void merge_list(Tree& tree, const std::string& field, const Tree& patch) {
  const auto rule = list_rule(field, patch.empty() ? tree : patch);
  if (!tree.is_array() || rule.kind == ListRule::Kind::atomic) {
    tree = patch;
  } else if (rule.kind == ListRule::Kind::set) {
    add_values(tree, patch);
  } else {
    merge_elements(tree, patch, rule.keys.front());
  }
}

/// `$retainKeys` and `$deleteFromPrimitiveList/finalizers`; the order of elements is not kept.
void obey_directive(Tree& tree, const std::string& directive, const Tree& values) {
  constexpr std::string_view deletes = "$deleteFromPrimitiveList/";
  const auto listed = [&](const Tree& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  };
  if (directive == "$retainKeys") {
    auto kept = Tree::object();
    for (const auto& [key, value] : tree.items()) {
      if (listed(key)) kept[key] = value;
    }
    tree = std::move(kept);
  } else if (directive.starts_with(deletes)) {
    const auto field = directive.substr(deletes.size());
    if (!tree.contains(field)) return;
    auto& list = tree[field];
    list.erase(std::remove_if(list.begin(), list.end(), listed), list.end());
  }
}

void merge_strategically(Tree& tree, const Tree& patch) {
  if (!patch.is_object()) {
    tree = patch;
    return;
  }
  if (!tree.is_object() || patch.value("$patch", "") == "replace") tree = Tree::object();
  for (const auto& [key, value] : patch.items()) {
    if (key.starts_with('$')) {
      obey_directive(tree, key, value);
    } else if (value.is_null() || (value.is_object() && value.value("$patch", "") == "delete")) {
      tree.erase(key);
    } else if (value.is_array()) {
      merge_list(tree[key], key, value);
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
