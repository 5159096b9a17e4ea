#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "cpab/simulation/resource_type.h"

namespace cpab {

/// A refusal of the API server: what becomes a `Status` object over HTTP and a KubernetesError in
/// the process.
struct ApiError : std::runtime_error {
  ApiError(int http_code, std::string reason_name, const std::string& message,
           std::string details_json = "{}")
      : std::runtime_error(message),
        code(http_code),
        reason(std::move(reason_name)),
        details(std::move(details_json)) {}

  int code;
  std::string reason;   ///< `NotFound`
  std::string details;  ///< JSON
};

/// The Status object as JSON text.
std::string status_json(const ApiError& error);

ApiError bad_request(const std::string& message);
ApiError unauthorized();
ApiError forbidden(const std::string& message);
ApiError not_found(const ResourceType& type, const std::string& name);
ApiError no_such_resource();  ///< `the server could not find the requested resource`
ApiError method_not_allowed();
ApiError already_exists(const ResourceType& type, const std::string& name);
ApiError conflict(const ResourceType& type, const std::string& name, const std::string& why);
ApiError stale_version(const ResourceType& type, const std::string& name);

/// `Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be ...`. `kind` is the
/// qualified kind.
ApiError invalid_field(const std::string& kind, const std::string& name, const std::string& field,
                       const std::string& problem);

/// What a JSON patch that does not apply is answered with.
ApiError patch_refused();
ApiError unsupported_media_type();
ApiError expired(const std::string& message);

/// Somebody asks for what has not happened yet (504).
ApiError too_large_version(std::uint64_t version, std::uint64_t current);

/// The answer an overloaded or broken server gives with this HTTP status.
ApiError injected_failure(int code);

}  // namespace cpab
