#include "cpab/simulation/json_path.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <string>

namespace cpab {
namespace {

using Tree = nlohmann::ordered_json;
using Found = std::vector<const Tree*>;

/// `name` up to the next `.` or `[`; a backslash takes what follows literally.
std::string take_name(std::string_view& path) {
  std::string name;
  while (!path.empty() && path.front() != '.' && path.front() != '[') {
    if (path.front() == '\\' && path.size() > 1) path.remove_prefix(1);
    name += path.front();
    path.remove_prefix(1);
  }
  return name;
}

Found members(const Found& from, const std::string& name) {
  Found result;
  for (const auto* tree : from) {
    if (tree->is_object() && tree->contains(name)) result.push_back(&tree->at(name));
  }
  return result;
}

Found elements(const Found& from) {
  Found result;
  for (const auto* tree : from) {
    if (!tree->is_array()) continue;
    for (const auto& element : *tree) result.push_back(&element);
  }
  return result;
}

/// Negative numbers count from the end.
Found element(const Found& from, std::int64_t index) {
  Found result;
  for (const auto* tree : from) {
    const auto size = tree->is_array() ? static_cast<std::int64_t>(tree->size()) : 0;
    const auto place = index < 0 ? index + size : index;
    if (place >= 0 && place < size) result.push_back(&tree->at(static_cast<std::size_t>(place)));
  }
  return result;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.front() == text.back();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// `@.type=="Ready"`.
Found filtered(const Found& from, std::string_view condition) {
  const auto equals = condition.find("==");
  if (equals == condition.npos || !condition.starts_with("@.")) return {};
  const std::string member(condition.substr(2, equals - 2));
  const auto wanted = unquoted(condition.substr(equals + 2));
  Found result;
  for (const auto* tree : elements(from)) {
    if (!tree->is_object() || !tree->contains(member)) continue;
    const auto& value = tree->at(member);
    const auto text = value.is_string() ? value.get<std::string>() : value.dump();
    if (text == wanted) result.push_back(tree);
  }
  return result;
}

/// What stands between brackets.
Found bracketed(const Found& from, std::string_view inside) {
  if (inside == "*") return elements(from);
  if (inside.starts_with("?(") && inside.ends_with(")")) {
    return filtered(from, inside.substr(2, inside.size() - 3));
  }
  if (unquoted(inside) != inside) return members(from, std::string(unquoted(inside)));
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(inside.data(), inside.data() + inside.size(), index);
  const bool number = error == std::errc() && end == inside.data() + inside.size();
  return number ? element(from, index) : Found{};
}

}  // namespace

std::vector<Json> find_path(const Json& document, std::string_view path) {
  Found found{&document.tree()};
  if (!path.starts_with('.') && !path.starts_with('[')) return {};
  while (!path.empty() && !found.empty()) {
    const bool bracket = path.front() == '[';
    path.remove_prefix(1);
    if (bracket) {
      const auto end = path.find(']');
      if (end == path.npos) return {};
      found = bracketed(found, path.substr(0, end));
      path.remove_prefix(end + 1);
    } else if (!path.empty() && path.front() != '[') {
      found = members(found, take_name(path));
    }
  }
  std::vector<Json> values;
  for (const auto* tree : found) values.emplace_back(*tree);
  return values;
}

}  // namespace cpab
