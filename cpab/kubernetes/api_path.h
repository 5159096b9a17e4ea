#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cpab {

/// The `group/version` of an `apiVersion`; the core group has an empty name.
struct ApiVersion {
  std::string group;
  std::string version;

  friend bool operator==(const ApiVersion&, const ApiVersion&) = default;
};

/// `apps/v1`, or `v1` for the core group. None when the text is empty or has more than one slash.
std::optional<ApiVersion> parse_api_version(std::string_view text);

/// The inverse of parse_api_version().
std::string to_string(const ApiVersion& version);

/// A kind as the API server names it in paths, learned by discovery.
struct ApiResource {
  ApiVersion version;
  std::string kind;
  std::string plural;
  bool namespaced = true;

  friend bool operator==(const ApiResource&, const ApiResource&) = default;
};

/// `text` with everything but letters, digits and `-._~` as %XX: safe in a path and in a query.
std::string percent_encode(std::string_view text);

/// `/api/v1` for the core group, otherwise `/apis/{group}/{version}`.
std::string api_base(const ApiVersion& version);

/// Where the object lives. Throws KubernetesError (`name is required` and the like) for names that
/// cannot be a part of a path.
std::string object_path(const ApiResource& resource, const std::string& namespace_name,
                        const std::string& name);

}  // namespace cpab
