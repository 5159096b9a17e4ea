#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cpab {

/// A path below /api or /apis, taken apart and decoded. Parts that are not there are empty.
struct ResourcePath {
  std::string group;  ///< empty for the core group
  std::string version;
  std::string namespace_name;
  std::string plural;
  std::string name;
  std::string subresource;

  friend bool operator==(const ResourcePath&, const ResourcePath&) = default;
};

/// None when the path is not `/api/{version}...` or `/apis/{group}/{version}...`.
std::optional<ResourcePath> parse_resource_path(std::string_view path);

/// The parameters of a query; the first of several with one name counts.
std::map<std::string, std::string> query_parameters(std::string_view query);

}  // namespace cpab
