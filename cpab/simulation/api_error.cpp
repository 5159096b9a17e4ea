#include "cpab/simulation/api_error.h"

#include "cpab/model/json_text.h"

namespace cpab {
namespace {

std::string details_of(const ResourceType& type, const std::string& name) {
  std::string details = R"({"name":)" + json_quote(name);
  if (!type.group.empty()) details += R"(,"group":)" + json_quote(type.group);
  return details + R"(,"kind":)" + json_quote(type.plural) + "}";
}

std::string subject(const ResourceType& type, const std::string& name) {
  return type.qualified_plural() + " \"" + name + "\"";
}

std::string reason_for(int code) {
  switch (code) {
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 409:
      return "Conflict";
    case 429:
      return "TooManyRequests";
    case 500:
      return "InternalError";
    case 503:
      return "ServiceUnavailable";
    case 504:
      return "Timeout";
  }
  return "";
}

}  // namespace

std::string status_json(const ApiError& error) {
  std::string text =
      R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":)";
  text += json_quote(error.what());
  if (!error.reason.empty()) text += R"(,"reason":)" + json_quote(error.reason);
  return text + R"(,"details":)" + error.details + R"(,"code":)" + std::to_string(error.code) +
         "}\n";
}

ApiError bad_request(const std::string& message) { return {400, "BadRequest", message}; }

ApiError unauthorized() { return {401, "Unauthorized", "Unauthorized"}; }

ApiError forbidden(const std::string& message) { return {403, "Forbidden", message}; }

ApiError not_found(const ResourceType& type, const std::string& name) {
  return {404, "NotFound", subject(type, name) + " not found", details_of(type, name)};
}

ApiError no_such_resource() {
  return {404, "NotFound", "the server could not find the requested resource"};
}

ApiError method_not_allowed() {
  return {405, "MethodNotAllowed",
          "the server does not allow this method on the requested resource"};
}

ApiError already_exists(const ResourceType& type, const std::string& name) {
  return {409, "AlreadyExists", subject(type, name) + " already exists", details_of(type, name)};
}

ApiError conflict(const ResourceType& type, const std::string& name, const std::string& why) {
  return {409, "Conflict", "Operation cannot be fulfilled on " + subject(type, name) + ": " + why,
          details_of(type, name)};
}

ApiError stale_version(const ResourceType& type, const std::string& name) {
  return conflict(type, name,
                  "the object has been modified; please apply your changes to the latest version "
                  "and try again");
}

ApiError invalid_field(const std::string& kind, const std::string& name, const std::string& field,
                       const std::string& problem) {
  const auto dot = kind.find('.');
  std::string details = R"({"name":)" + json_quote(name);
  if (dot != std::string::npos) details += R"(,"group":)" + json_quote(kind.substr(dot + 1));
  details += R"(,"kind":)" + json_quote(kind.substr(0, dot)) +
             R"(,"causes":[{"reason":"FieldValueInvalid","message":)" + json_quote(problem) +
             R"(,"field":)" + json_quote(field) + "}]}";
  return {422, "Invalid", kind + " \"" + name + "\" is invalid: " + field + ": " + problem,
          details};
}

ApiError patch_refused() {
  return {422, "Invalid", "the server rejected our request due to an error in our request"};
}

ApiError unsupported_media_type() {
  return {415, "UnsupportedMediaType",
          "the body of the request was in an unknown format - accepted media types include: "
          "application/json-patch+json, application/merge-patch+json, "
          "application/strategic-merge-patch+json, "
          "application/apply-patch+yaml"};
}

ApiError expired(const std::string& message) { return {410, "Expired", message}; }

ApiError too_large_version(std::uint64_t version, std::uint64_t current) {
  return {504, "Timeout",
          "Timeout: Too large resource version: " + std::to_string(version) +
              ", current: " + std::to_string(current),
          R"({"causes":[{"reason":"ResourceVersionTooLarge",)"
          R"("message":"Too large resource version"}],"retryAfterSeconds":1})"};
}

ApiError injected_failure(int code) {
  return {code, reason_for(code),
          "the simulated API server was told to answer " + std::to_string(code)};
}

}  // namespace cpab
