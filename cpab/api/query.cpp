#include "cpab/api/query.h"

#include <algorithm>
#include <array>

namespace cpab {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

template <std::size_t size>
bool is_one_of(std::string_view text, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

[[noreturn]] void malformed(std::string_view pair) {
  throw QueryError("Malformed query: '" + std::string(pair) +
                   "' is not a name=value pair; nothing was done");
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus_is_space) {
      out.push_back(' ');
    } else if (text[at] != '%') {
      out.push_back(text[at]);
    } else {
      if (at + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[at + 1]);
      const int low = hex_value(text[at + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      at += 2;
    }
  }
  return out;
}

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
