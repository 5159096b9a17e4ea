#include "cpab/config/display.h"

#include <algorithm>
#include <array>

#include "cpab/model/json_text.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

constexpr std::size_t longest_shown = 120;
constexpr const char* mask = "***";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

/// The first `longest_shown` bytes, not ending in the middle of a character.
std::string_view shortened(std::string_view text) {
  if (text.size() <= longest_shown) return text;
  std::size_t end = longest_shown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

std::string masked_query(std::string_view query) {
  std::string result;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const auto equals = pair.find('=');
    result += pair.substr(0, equals);
    if (equals != std::string_view::npos) result += std::string("=") + mask;
    if (end < query.size()) result += '&';
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return result;
}

bool names_a_secret(std::string_view name) {
  static constexpr std::array<std::string_view, 6> words = {"password", "passwd", "secret",
                                                            "token",    "key",    "credential"};
  const std::string text = lower(name);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

}  // namespace

std::string escaped(std::string_view text) {
  const std::string json = json_quote(shortened(text));
  const std::string content = json.substr(1, json.size() - 2);
  return text.size() > longest_shown ? content + "..." : content;
}

std::string quoted(std::string_view text) { return '"' + escaped(text) + '"'; }

std::string masked_url(std::string_view url) {
  std::string result;
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) {
    result = url.substr(0, scheme + 3);
    url.remove_prefix(scheme + 3);
  }
  const auto authority_end = std::min(url.find_first_of("/?#"), url.size());
  const auto at = url.substr(0, authority_end).rfind('@');
  if (at != std::string_view::npos) {
    result += std::string(mask) + '@';
    url.remove_prefix(at + 1);
  }
  const auto query = url.find('?');
  result += url.substr(0, query);
  if (query == std::string_view::npos) return result;
  return result + '?' + masked_query(url.substr(query + 1));
}

std::string masked_header(std::string_view name, const std::string& value) {
  static constexpr std::array<std::string_view, 3> harmless = {"accept", "content-type",
                                                               "user-agent"};
  const std::string text = lower(name);
  return std::find(harmless.begin(), harmless.end(), text) != harmless.end() ? value : mask;
}

std::string masked_argument(const std::string& argument) {
  if (argument.find("://") != std::string::npos) return masked_url(argument);
  const auto equals = argument.find('=');
  if (equals == std::string::npos || !names_a_secret(argument.substr(0, equals))) return argument;
  return argument.substr(0, equals + 1) + mask;
}

std::string masked_value(const std::string& path, const std::string& value) {
  const auto header = path.find(".headers.");
  if (header != std::string::npos) {
    return masked_header(path.substr(header + std::string_view(".headers.").size()), value);
  }
  if (path.ends_with(".url")) return masked_url(value);
  if (path.find(".command") != std::string::npos) return masked_argument(value);
  return value;
}

}  // namespace cpab
