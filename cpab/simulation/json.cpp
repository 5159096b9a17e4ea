#include "cpab/simulation/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace cpab {
namespace {

using Tree = nlohmann::ordered_json;
using Pointer = Tree::json_pointer;

const Tree* find(const Tree& tree, const std::string& pointer) {
  const Pointer place(pointer);
  return tree.contains(place) ? &tree.at(place) : nullptr;
}

void write(Tree& tree, const std::string& pointer, Tree value) {
  try {
    tree[Pointer(pointer)] = std::move(value);
  } catch (const Tree::exception& error) {
    throw JsonError("set " + pointer + ": " + error.what());
  }
}

/// The order of members does not count. The library's own comparison of ordered objects says
/// otherwise.
bool equal(const Tree& left, const Tree& right) {
  if (left.type() != right.type() || left.size() != right.size()) return left == right;
  if (left.is_array()) return std::equal(left.begin(), left.end(), right.begin(), equal);
  if (!left.is_object()) return left == right;
  return std::all_of(left.items().begin(), left.items().end(), [&](const auto& member) {
    const auto found = right.find(member.key());
    return found != right.end() && equal(member.value(), *found);
  });
}

/// How deep the brackets of JSON nest. All that walks over trees calls itself, and has a stack.
int depth_of(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && in_string) ++at;
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if (c == '{' || c == '[') deepest = std::max(deepest, ++depth);
    if (c == '}' || c == ']') --depth;
  }
  return deepest;
}

}  // namespace

Json::Json() : tree_(std::make_unique<Tree>(Tree::object())) {}
Json::Json(Tree tree) : tree_(std::make_unique<Tree>(std::move(tree))) {}
Json::Json(const Json& other) : tree_(std::make_unique<Tree>(*other.tree_)) {}
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(Json&& other) noexcept = default;
Json::~Json() = default;

Json& Json::operator=(const Json& other) {
  if (this != &other) tree_ = std::make_unique<Tree>(*other.tree_);
  return *this;
}

Json Json::parse(std::string_view text) {
  constexpr int deepest = 500;
  if (depth_of(text) > deepest) {
    throw JsonError("nested more than " + std::to_string(deepest) + " levels deep");
  }
  try {
    return Json(Tree::parse(text));
  } catch (const Tree::exception& error) {
    throw JsonError(error.what());
  }
}

std::string Json::text() const {
  return tree_->dump(-1, ' ', false, Tree::error_handler_t::replace);
}

bool Json::is_object() const { return tree_->is_object(); }

bool Json::contains(const std::string& pointer) const { return find(*tree_, pointer) != nullptr; }

std::string Json::string_at(const std::string& pointer) const {
  const auto* value = find(*tree_, pointer);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<std::int64_t> Json::integer_at(const std::string& pointer) const {
  const auto* value = find(*tree_, pointer);
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  return value->get<std::int64_t>();
}

std::map<std::string, std::string> Json::strings_at(const std::string& pointer) const {
  std::map<std::string, std::string> strings;
  const auto* value = find(*tree_, pointer);
  if (value == nullptr || !value->is_object()) return strings;
  for (const auto& [key, member] : value->items()) {
    if (member.is_string()) strings[key] = member.get<std::string>();
  }
  return strings;
}

std::vector<Json> Json::elements_at(const std::string& pointer) const {
  std::vector<Json> elements;
  const auto* value = find(*tree_, pointer);
  if (value == nullptr || !value->is_array()) return elements;
  for (const auto& element : *value) elements.emplace_back(element);
  return elements;
}

Json Json::at(const std::string& pointer) const {
  const auto* value = find(*tree_, pointer);
  return Json(value == nullptr ? Tree() : *value);
}

Json& Json::set(const std::string& pointer, const char* value) {
  write(*tree_, pointer, value);
  return *this;
}
Json& Json::set(const std::string& pointer, const std::string& value) {
  write(*tree_, pointer, value);
  return *this;
}
Json& Json::set(const std::string& pointer, std::int64_t value) {
  write(*tree_, pointer, value);
  return *this;
}
Json& Json::set(const std::string& pointer, std::int32_t value) {
  write(*tree_, pointer, value);
  return *this;
}
Json& Json::set(const std::string& pointer, double value) {
  write(*tree_, pointer, value);
  return *this;
}
Json& Json::set(const std::string& pointer, bool value) {
  write(*tree_, pointer, value);
  return *this;
}
Json& Json::set(const std::string& pointer, const Json& value) {
  write(*tree_, pointer, value.tree());
  return *this;
}
Json& Json::set(const std::string& pointer, const std::map<std::string, std::string>& value) {
  write(*tree_, pointer, Tree(value));
  return *this;
}

Json& Json::erase(const std::string& pointer) {
  const Pointer place(pointer);
  if (!tree_->contains(place)) return *this;
  auto& parent = tree_->at(place.parent_pointer());
  if (parent.is_object()) {
    parent.erase(place.back());
  } else {
    parent.erase(std::stoul(place.back()));
  }
  return *this;
}

bool operator==(const Json& left, const Json& right) { return equal(*left.tree_, *right.tree_); }

}  // namespace cpab
