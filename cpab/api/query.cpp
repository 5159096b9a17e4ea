#include "cpab/api/query.h"

#include <algorithm>
#include <array>

#include "cpab/model/closest.h"
#include "cpab/model/percent.h"

namespace cpab {
namespace {

template <std::size_t size>
bool is_one_of(std::string_view text, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

[[noreturn]] void malformed(std::string_view pair) {
  throw QueryError("Malformed query: '" + std::string(pair) +
                   "' is not a name=value pair; nothing was done");
}

}  // namespace

Query::Query(std::string_view text) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    if (pair.find(';') != std::string_view::npos) malformed(pair);
    const std::size_t equals = pair.find('=');
    const auto name = percent_decoded(pair.substr(0, equals), true);
    const bool bare = equals == std::string_view::npos;
    const auto value = bare ? std::string() : percent_decoded(pair.substr(equals + 1), true);
    if (!name || !value) malformed(pair);
    parameters_.push_back({*name, *value, bare});
  }
}

void Query::allow_only(std::span<const std::string_view> names) const {
  for (const Parameter& parameter : parameters_) {
    if (std::find(names.begin(), names.end(), parameter.name) != names.end()) continue;
    const auto meant = closest(parameter.name, {names.begin(), names.end()});
    throw QueryError("There is no parameter '" + parameter.name + "' here" +
                     (meant ? "; did you mean '" + *meant + "'?" : ".") + " Nothing was done");
  }
}

const Query::Parameter* Query::first(std::string_view name) const {
  const auto found =
      std::find_if(parameters_.begin(), parameters_.end(),
                   [&](const Parameter& parameter) { return parameter.name == name; });
  return found == parameters_.end() ? nullptr : &*found;
}

std::optional<std::string> Query::find(std::string_view name) const {
  const Parameter* const found = first(name);
  return found == nullptr ? std::nullopt : std::optional(found->value);
}

bool Query::is_bare(std::string_view name) const {
  const Parameter* const found = first(name);
  return found != nullptr && found->bare;
}

bool Query::flag(std::string_view name) const {
  static constexpr std::array<std::string_view, 6> true_words = {"1",    "t",    "T",
                                                                 "TRUE", "true", "True"};
  static constexpr std::array<std::string_view, 6> false_words = {"0",     "f",     "F",
                                                                  "FALSE", "false", "False"};
  if (is_bare(name)) {
    throw QueryError("The query parameter '" + std::string(name) + "' has no value; write '" +
                     std::string(name) + "=true' or '" + std::string(name) +
                     "=false'. Nothing was done");
  }
  const std::string value = find(name).value_or("");
  if (value.empty() || is_one_of(value, false_words)) return false;
  if (is_one_of(value, true_words)) return true;
  throw QueryError("Invalid format for '" + std::string(name) + "' query parameter; '" + value +
                   "' is not a valid boolean value");
}

}  // namespace cpab
