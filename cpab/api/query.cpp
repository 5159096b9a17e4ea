#include "cpab/api/query.h"

#include <algorithm>
#include <array>

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
    const auto value = equals == std::string_view::npos
                           ? std::string()
                           : percent_decoded(pair.substr(equals + 1), true);
    if (!name || !value) malformed(pair);
    pairs_.emplace_back(*name, *value);
  }
}

std::optional<std::string> Query::find(std::string_view name) const {
  for (const auto& [key, value] : pairs_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

bool Query::flag(std::string_view name) const {
  static constexpr std::array<std::string_view, 6> true_words = {"1",    "t",    "T",
                                                                 "TRUE", "true", "True"};
  static constexpr std::array<std::string_view, 6> false_words = {"0",     "f",     "F",
                                                                  "FALSE", "false", "False"};
  const std::string value = find(name).value_or("");
  if (value.empty() || is_one_of(value, false_words)) return false;
  if (is_one_of(value, true_words)) return true;
  throw QueryError("Invalid format for '" + std::string(name) + "' query parameter; '" + value +
                   "' is not a valid boolean value");
}

}  // namespace cpab
