#include "cpab/simulation/resource_path.h"

#include <charconv>
#include <vector>

namespace cpab {
namespace {

/// Percent-decoded; a `%` without two digits stays as it is. In queries `+` is a space.
std::string decode(std::string_view text, bool plus_is_space) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* const digits = text.data() + i + 1;
    const bool encoded = text[i] == '%' && i + 2 < text.size() &&
                         std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
    if (encoded) {
      result += static_cast<char>(value);
      i += 2;
    } else {
      result += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  return result;
}

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    path.remove_prefix(path.front() == '/' ? 1 : 0);
    const auto end = path.find('/');
    parts.push_back(decode(path.substr(0, end), false));
    path = end == path.npos ? std::string_view() : path.substr(end);
  }
  return parts;
}

}  // namespace

std::optional<ResourcePath> parse_resource_path(std::string_view path) {
  const auto parts = segments(path);
  const bool core = !parts.empty() && parts[0] == "api";
  if (!core && (parts.empty() || parts[0] != "apis")) return std::nullopt;
  std::size_t next = 1;
  const auto take = [&] { return next < parts.size() ? parts[next++] : std::string(); };
  ResourcePath result;
  if (!core) result.group = take();
  result.version = take();
  if (result.version.empty()) return std::nullopt;
  // `namespaces/x/pods` is about pods of x; `namespaces/x` and its status about x itself.
  const bool namespaced = next + 2 < parts.size() && parts[next] == "namespaces" &&
                          parts[next + 2] != "status" && parts[next + 2] != "finalize";
  if (namespaced) {
    take();
    result.namespace_name = take();
  }
  result.plural = take();
  result.name = take();
  result.subresource = take();
  if (next < parts.size()) return std::nullopt;
  return result;
}

std::map<std::string, std::string> query_parameters(std::string_view query) {
  std::map<std::string, std::string> parameters;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    const auto equals = pair.find('=');
    const auto value = equals == pair.npos ? std::string_view() : pair.substr(equals + 1);
    parameters.emplace(decode(pair.substr(0, equals), true), decode(value, true));
    query = end == query.npos ? std::string_view() : query.substr(end + 1);
  }
  return parameters;
}

}  // namespace cpab
