#include "cpab/api/access.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cpab/io/host_name.h"

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

/// The page that a browser says it sends this for.
std::string page_of(const ServerRequest& request) {
  for (const char* name : {"Origin", "Referer"}) {
    const std::string_view page = header(request.headers, name);
    if (!page.empty()) return " (" + std::string(page) + ")";
  }
  return {};
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
      guard_(config.allowed_hosts, {host_name(), config.host}),
      tokens_(config.token_file.empty() ? nullptr
                                        : std::make_unique<TokenFile>(config.token_file, clock)) {}

std::optional<AccessDenial> Access::denial(Purpose purpose, const ServerRequest& request) const {
  const Callers callers = allowed(purpose);
  if (auto denial = denial_of_page(purpose, request)) return denial;
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

std::optional<AccessDenial> Access::denial_of_page(Purpose purpose,
                                                   const ServerRequest& request) const {
  if (purpose == Purpose::health || !is_of_browser(request)) return std::nullopt;
  if (!guard_.asks_by_own_name(request)) {
    return AccessDenial{403,
                        "A browser asks for '" + std::string(header(request.headers, "Host")) +
                            "', which is none of the names that count as cpab's own; if it is "
                            "one, add it to apiConfig.allowedHosts",
                        {}};
  }
  if (purpose == Purpose::read || guard_.is_from_own_page(request)) return std::nullopt;
  return AccessDenial{403,
                      "A browser sends this, and does not say that it is for cpab's own page" +
                          page_of(request) +
                          "; only that may. Behind a proxy, add the name it has for browsers to "
                          "apiConfig.allowedHosts",
                      {}};
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
