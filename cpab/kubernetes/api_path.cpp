#include "cpab/kubernetes/api_path.h"

#include <algorithm>
#include <cctype>

#include "cpab/kubernetes/cluster.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

[[noreturn]] void refuse_name(const std::string& name, const std::string& why) {
  throw KubernetesError(0, "invalid resource name " + json_quote(name) + ": [" + why + "]");
}

/// What the API machinery allows as one segment of a path.
void check_name(const std::string& name) {
  if (name.empty()) throw KubernetesError(0, "name is required");
  if (name == "." || name == "..") refuse_name(name, "may not be '" + name + "'");
  for (const char forbidden : {'/', '%'}) {
    if (name.find(forbidden) != std::string::npos) {
      refuse_name(name, std::string("may not contain '") + forbidden + "'");
    }
  }
}

bool is_unreserved(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<ApiVersion> parse_api_version(std::string_view text) {
  if (text.empty() || text == "/" || std::count(text.begin(), text.end(), '/') > 1) {
    return std::nullopt;
  }
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return ApiVersion{"", std::string(text)};
  return ApiVersion{std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

std::string to_string(const ApiVersion& version) {
  return version.group.empty() ? version.version : version.group + "/" + version.version;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', hex[byte >> 4], hex[byte & 15]};
    }
  }
  return out;
}

std::string api_base(const ApiVersion& version) {
  if (version.group.empty()) return "/api/" + percent_encode(version.version);
  return "/apis/" + percent_encode(version.group) + "/" + percent_encode(version.version);
}

std::string object_path(const ApiResource& resource, const std::string& namespace_name,
                        const std::string& name) {
  check_name(name);
  std::string path = api_base(resource.version);
  if (resource.namespaced) {
    if (namespace_name.empty()) throw KubernetesError(0, "namespace is required");
    path += "/namespaces/" + percent_encode(namespace_name);
  }
  return path + "/" + percent_encode(resource.plural) + "/" + percent_encode(name);
}

}  // namespace cpab
