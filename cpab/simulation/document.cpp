#include "cpab/simulation/document.h"

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
    throw DocumentError("set " + pointer + ": " + error.what());
  }
}

}  // namespace

Document::Document() : tree_(std::make_unique<Tree>(Tree::object())) {}
Document::Document(Tree tree) : tree_(std::make_unique<Tree>(std::move(tree))) {}
Document::Document(const Document& other) : tree_(std::make_unique<Tree>(*other.tree_)) {}
Document::Document(Document&& other) noexcept = default;
Document& Document::operator=(Document&& other) noexcept = default;
Document::~Document() = default;

Document& Document::operator=(const Document& other) {
  if (this != &other) tree_ = std::make_unique<Tree>(*other.tree_);
  return *this;
}

Document Document::parse(std::string_view text) {
  try {
    return Document(Tree::parse(text));
  } catch (const Tree::exception& error) {
    throw DocumentError(error.what());
  }
}

std::string Document::text() const {
  return tree_->dump(-1, ' ', false, Tree::error_handler_t::replace);
}

bool Document::is_object() const { return tree_->is_object(); }

bool Document::contains(const std::string& pointer) const { return find(*tree_, pointer) != nullptr; }

std::string Document::string_at(const std::string& pointer) const {
  const auto* value = find(*tree_, pointer);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<std::int64_t> Document::integer_at(const std::string& pointer) const {
  const auto* value = find(*tree_, pointer);
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  return value->get<std::int64_t>();
}

std::map<std::string, std::string> Document::strings_at(const std::string& pointer) const {
  std::map<std::string, std::string> strings;
  const auto* value = find(*tree_, pointer);
  if (value == nullptr || !value->is_object()) return strings;
  for (const auto& [key, member] : value->items()) {
    if (member.is_string()) strings[key] = member.get<std::string>();
  }
  return strings;
}

std::vector<Document> Document::elements_at(const std::string& pointer) const {
  std::vector<Document> elements;
  const auto* value = find(*tree_, pointer);
  if (value == nullptr || !value->is_array()) return elements;
  for (const auto& element : *value) elements.emplace_back(element);
  return elements;
}

Document Document::at(const std::string& pointer) const {
  const auto* value = find(*tree_, pointer);
  return Document(value == nullptr ? Tree() : *value);
}

Document& Document::set(const std::string& pointer, const char* value) {
  write(*tree_, pointer, value);
  return *this;
}
Document& Document::set(const std::string& pointer, const std::string& value) {
  write(*tree_, pointer, value);
  return *this;
}
Document& Document::set(const std::string& pointer, std::int64_t value) {
  write(*tree_, pointer, value);
  return *this;
}
Document& Document::set(const std::string& pointer, std::int32_t value) {
  write(*tree_, pointer, value);
  return *this;
}
Document& Document::set(const std::string& pointer, bool value) {
  write(*tree_, pointer, value);
  return *this;
}
Document& Document::set(const std::string& pointer, const Document& value) {
  write(*tree_, pointer, value.tree());
  return *this;
}
Document& Document::set(const std::string& pointer,
                        const std::map<std::string, std::string>& value) {
  write(*tree_, pointer, Tree(value));
  return *this;
}

Document& Document::erase(const std::string& pointer) {
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

bool operator==(const Document& left, const Document& right) { return *left.tree_ == *right.tree_; }

}  // namespace cpab
