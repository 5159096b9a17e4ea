#include "cpab/api/access.h"

#include <algorithm>
#include <string_view>

namespace cpab {
namespace {

/// What follows `Bearer` in the header `Authorization`; none when there is no such header.
std::optional<std::string_view> bearer_token(const HttpHeaders& headers) {
  constexpr std::string_view scheme = "Bearer ";
  std::string_view value = header(headers, "Authorization");
  if (!same_header_name(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  value.remove_prefix(std::min(value.find_first_not_of(' ', scheme.size()), value.size()));
  return value;
}

/// Browsers say so, and no page can keep them from it.
bool sent_by_foreign_page(const ServerRequest& request) {
  const std::string_view site = header(request.headers, "Sec-Fetch-Site");
  return site == "cross-site" || site == "same-site";
}

const char* key_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::health:
    case Purpose::read:
      break;
    case Purpose::dry_run:
      return "apiConfig.allow.dryRuns";
    case Purpose::run:
    case Purpose::change:
      return "apiConfig.allow.runs";
  }
  return "apiConfig.allow.reads";
}

}  // namespace

Access::Access(const ApiConfig& config, Clock& clock)
    : config_(config),
      tokens_(config.token_file.empty() ? nullptr
                                        : std::make_unique<TokenFile>(config.token_file, clock)) {}

std::optional<AccessDenial> Access::denial(Purpose purpose, const ServerRequest& request) const {
  const Callers callers = allowed(purpose);
  const bool looks_only = purpose == Purpose::health || purpose == Purpose::read;
  if (!looks_only && sent_by_foreign_page(request)) {
    return AccessDenial{
        403, "A web page of another site has a browser send this; only cpab's own page may", {}};
  }
  if (callers == Callers::anyone) return std::nullopt;
  if (callers == Callers::nobody) {
    return AccessDenial{
        403, "Not allowed for anybody: " + std::string(key_of(purpose)) + " is nobody", {}};
  }
  if (request.client_verified) return std::nullopt;
  const auto token = tokens_ ? bearer_token(request.headers) : std::nullopt;
  if (!token) return missing_authentication();
  if (tokens_->holds(*token)) return std::nullopt;
  return AccessDenial{401, "The bearer token is none of those in apiConfig.tokenFile",
                      R"(Bearer error="invalid_token")"};
}

bool Access::authentication_helps(const ServerRequest& request) const {
  for (const Purpose purpose : {Purpose::read, Purpose::dry_run, Purpose::run}) {
    const auto refused = denial(purpose, request);
    if (refused && refused->status == 401) return true;
  }
  return false;
}

Callers Access::allowed(Purpose purpose) const {
  switch (purpose) {
    case Purpose::health:
      return Callers::anyone;
    case Purpose::read:
      return config_.allowed(config_.allow.reads);
    case Purpose::dry_run:
      return config_.allowed(config_.allow.dry_runs);
    case Purpose::run:
    case Purpose::change:
      break;
  }
  return config_.allowed(config_.allow.runs);
}

AccessDenial Access::missing_authentication() const {
  std::string message = "Authentication is needed: ";
  if (tokens_) message += "send 'Authorization: Bearer TOKEN', a token of apiConfig.tokenFile";
  if (tokens_ && !config_.client_ca_file.empty()) message += ", or ";
  if (!config_.client_ca_file.empty()) {
    message += "connect with a client certificate that apiConfig.clientCAFile vouches for";
  }
  return {401, message, "Bearer"};
}

}  // namespace cpab
