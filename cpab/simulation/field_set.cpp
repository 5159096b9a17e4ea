#include "cpab/simulation/field_set.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cpab/simulation/list_rule.h"

namespace cpab {
namespace {

using Tree = nlohmann::ordered_json;

/// Fields that belong to nobody: they name the object, or the server alone sets them.
bool is_nobodys(const FieldPath& path) {
  if (path.size() == 1) return path[0] == "f:apiVersion" || path[0] == "f:kind";
  if (path.size() != 2 || path[0] != "f:metadata") return false;
  constexpr std::array<std::string_view, 11> system{
      "f:name",          "f:namespace",         "f:uid",
      "f:generation",    "f:creationTimestamp", "f:deletionTimestamp",
      "f:selfLink",      "f:resourceVersion",   "f:deletionGracePeriodSeconds",
      "f:managedFields", "f:generateName"};
  return std::find(system.begin(), system.end(), path[1]) != system.end();
}

/// Rules are for the field that a path ends with.
bool follows_rules(const FieldPath& path, FieldRules rules) {
  return rules == FieldRules::builtin || (!path.empty() && path[0] == "f:metadata");
}

std::string_view field_name(const FieldPath& path) {
  const bool field = !path.empty() && path.back().starts_with("f:");
  return field ? std::string_view(path.back()).substr(2) : std::string_view();
}

ListRule rule_for(const FieldPath& path, const Tree& list, FieldRules rules) {
  return follows_rules(path, rules) ? list_rule(field_name(path), list) : ListRule{};
}

bool is_granular_object(const FieldPath& path, const Tree& tree, FieldRules rules) {
  if (!tree.is_object() || tree.empty()) return false;
  return !follows_rules(path, rules) || !is_atomic_object(field_name(path));
}

FieldPath below(const FieldPath& path, std::string element) {
  auto result = path;
  result.push_back(std::move(element));
  return result;
}

void collect(const Tree& tree, const FieldPath& path, FieldRules rules, FieldSet& fields);

void collect_members(const Tree& object, const FieldPath& path, FieldRules rules,
                     FieldSet& fields) {
  for (const auto& [key, value] : object.items()) {
    const auto place = below(path, "f:" + key);
    if (!is_nobodys(place)) collect(value, place, rules, fields);
  }
}

void collect_elements(const Tree& list, const FieldPath& path, FieldRules rules, FieldSet& fields) {
  const auto rule = rule_for(path, list, rules);
  if (rule.kind == ListRule::Kind::atomic || list.empty()) {
    fields.insert(path);
    return;
  }
  for (const auto& element : list) {
    if (rule.kind == ListRule::Kind::set) {
      fields.insert(below(path, "v:" + element.dump()));
      continue;
    }
    const auto place = below(path, "k:" + element_key(rule, element).dump());
    fields.insert(place);
    collect_members(element, place, rules, fields);
  }
}

void collect(const Tree& tree, const FieldPath& path, FieldRules rules, FieldSet& fields) {
  if (is_granular_object(path, tree, rules)) {
    collect_members(tree, path, rules, fields);
  } else if (tree.is_array()) {
    collect_elements(tree, path, rules, fields);
  } else {
    fields.insert(path);
  }
}

void read_fields(const Tree& tree, const FieldPath& path, FieldSet& fields) {
  if (!tree.is_object() || tree.empty() || tree.contains(".")) {
    if (!path.empty()) fields.insert(path);
  }
  if (!tree.is_object()) return;
  for (const auto& [key, value] : tree.items()) {
    if (key != ".") read_fields(value, below(path, key), fields);
  }
}

bool matches_key(const Tree& element, const Tree& key) {
  return element.is_object() &&
         std::all_of(key.items().begin(), key.items().end(), [&](const auto& member) {
           if (!element.contains(member.key())) {
             return member.value() == "TCP";  // its default
           }
           return element.at(member.key()) == member.value();
         });
}

/// The child of `tree` that a path element names, or null.
Tree* child(Tree& tree, const std::string& element) {
  const auto rest = element.substr(std::min<std::size_t>(2, element.size()));
  if (element.starts_with("f:")) {
    return tree.is_object() && tree.contains(rest) ? &tree[rest] : nullptr;
  }
  if (!tree.is_array()) return nullptr;
  const auto wanted = Tree::parse(rest, nullptr, false);
  const bool by_key = element.starts_with("k:");
  const auto found = std::find_if(tree.begin(), tree.end(), [&](const Tree& each) {
    return by_key ? matches_key(each, wanted) : each == wanted;
  });
  return found == tree.end() ? nullptr : &*found;
}

void erase_child(Tree& tree, const std::string& element) {
  auto* const found = child(tree, element);
  if (found == nullptr) return;
  if (tree.is_object()) {
    tree.erase(element.substr(2));
  } else {
    tree.erase(static_cast<std::size_t>(found - &tree.front()));
  }
}

void erase_path(Tree& tree, const FieldPath& path, std::size_t depth) {
  auto* const next = child(tree, path[depth]);
  if (next == nullptr) return;
  if (depth + 1 == path.size()) return erase_child(tree, path[depth]);
  erase_path(*next, path, depth + 1);
  if (next->empty()) erase_child(tree, path[depth]);
}

void merge(Tree& live, const Tree& wanted, const FieldPath& path, FieldRules rules);

void merge_lists(Tree& live, const Tree& wanted, const FieldPath& path, FieldRules rules) {
  const auto rule = rule_for(path, wanted.empty() ? live : wanted, rules);
  if (rule.kind == ListRule::Kind::atomic) {
    live = wanted;
    return;
  }
  for (const auto& element : wanted) {
    const bool by_key = rule.kind == ListRule::Kind::map;
    const auto name = by_key ? "k:" + element_key(rule, element).dump() : "v:" + element.dump();
    auto* const found = child(live, name);
    if (found == nullptr) {
      live.push_back(element);
    } else if (by_key) {
      merge(*found, element, below(path, name), rules);
    }
  }
}

void merge(Tree& live, const Tree& wanted, const FieldPath& path, FieldRules rules) {
  if (live.is_array() && wanted.is_array()) return merge_lists(live, wanted, path, rules);
  const bool granular = live.is_object() && wanted.is_object() &&
                        (is_granular_object(path, wanted, rules) || wanted.empty());
  if (!granular) {
    live = wanted;
    return;
  }
  for (const auto& [key, value] : wanted.items()) {
    const auto place = below(path, "f:" + key);
    if (live.contains(key)) {
      merge(live[key], value, place, rules);
    } else {
      live[key] = value;
    }
  }
}

std::string key_text(const std::string& element) {
  const auto key = Tree::parse(element.substr(2), nullptr, false);
  std::string text;
  for (const auto& [name, value] : key.items()) {
    text += (text.empty() ? "" : ",") + name + "=" + value.dump();
  }
  return "[" + text + "]";
}

}  // namespace

FieldSet fields_of(const Json& document, FieldRules rules) {
  FieldSet fields;
  collect_members(document.tree(), {}, rules, fields);
  return fields;
}

Json fields_v1(const FieldSet& fields) {
  auto root = Tree::object();
  for (const auto& path : fields) {
    auto* place = &root;
    for (const auto& element : path) place = &(*place)[element];
    if (place->is_null()) *place = Tree::object();
  }
  // A place that leads to others and is owned itself says so with a dot. Paths are sorted, so it
  // was made before what lies below it.
  for (const auto& path : fields) {
    auto* place = &root;
    for (const auto& element : path) place = &(*place)[element];
    if (!place->empty()) (*place)["."] = Tree::object();
  }
  return Json(std::move(root));
}

FieldSet parse_fields_v1(const Json& tree) {
  FieldSet fields;
  read_fields(tree.tree(), {}, fields);
  return fields;
}

Json value_at(const Json& document, const FieldPath& path) {
  auto copy = document;
  auto* place = &copy.tree();
  for (const auto& element : path) {
    place = child(*place, element);
    if (place == nullptr) return Json(Tree());
  }
  return Json(*place);
}

void erase_at(Json& document, const FieldPath& path) {
  if (!path.empty()) erase_path(document.tree(), path, 0);
}

Json merged_fields(const Json& live, const Json& configuration, FieldRules rules) {
  auto result = live;
  merge(result.tree(), configuration.tree(), {}, rules);
  return result;
}

std::string path_text(const FieldPath& path) {
  std::string text;
  for (const auto& element : path) {
    if (element.starts_with("f:")) text += "." + element.substr(2);
    if (element.starts_with("k:")) text += key_text(element);
    if (element.starts_with("v:")) text += "[=" + element.substr(2) + "]";
  }
  return text;
}

}  // namespace cpab
