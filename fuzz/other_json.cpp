#include "fuzz/other_json.h"

#include <nlohmann/json.hpp>

namespace cpab {
namespace {

using Tree = nlohmann::json;

/// Discarded when the text is refused.
Tree tree_of(std::string_view text) {
  return Tree::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
}

bool escapes_surrogates(std::string_view text) {
  return text.find("\\ud") != text.npos || text.find("\\uD") != text.npos;
}

}  // namespace

Verdict other_verdict(std::string_view text) {
  try {
    [[maybe_unused]] const Tree tree = Tree::parse(text.begin(), text.end());
    return text.find('\0') == text.npos ? Verdict::accepted : Verdict::unlike_ours;
  } catch (const Tree::parse_error&) {
    return escapes_surrogates(text) ? Verdict::unlike_ours : Verdict::refused;
  } catch (const Tree::out_of_range&) {
    return Verdict::unlike_ours;
  }
}

bool mean_the_same(std::string_view left, std::string_view right) {
  const Tree tree = tree_of(left);
  return !tree.is_discarded() && tree == tree_of(right);
}

std::optional<std::string> other_string(std::string_view text) {
  const Tree tree = tree_of(text);
  if (!tree.is_string()) return std::nullopt;
  return tree.get<std::string>();
}

std::optional<std::size_t> other_size(std::string_view text) {
  const Tree tree = tree_of(text);
  if (!tree.is_array()) return std::nullopt;
  return tree.size();
}

std::optional<double> other_number(std::string_view text, const std::string& key) {
  const Tree tree = tree_of(text);
  if (!tree.is_object() || !tree.contains(key) || !tree[key].is_number()) return std::nullopt;
  return tree[key].get<double>();
}

}  // namespace cpab
