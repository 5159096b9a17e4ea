#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cpab/api/browser_guard.h"
#include "cpab/config/config.h"
#include "cpab/io/clock.h"
#include "cpab/io/http_server.h"
#include "cpab/io/token_file.h"

namespace cpab {

/// What a request asks for.
enum class Purpose {
  health,   ///< answers of probes: always allowed
  read,     ///< runs no user logic
  dry_run,  ///< runs user logic and does not scale
  run,      ///< may scale
  change,   ///< changes what runs come to, without one; for those who may run
};

/// Whether a cycle, or half of one, is run for it.
constexpr bool runs_user_logic(Purpose purpose) {
  return purpose == Purpose::dry_run || purpose == Purpose::run;
}

/// Why a request is not served.
struct AccessDenial {
  int status = 0;         ///< 401: who asks should say who they are; 403: that would not help
  std::string message;    ///< what the caller is told; never holds what they have shown
  std::string challenge;  ///< of a 401: the value of `WWW-Authenticate`

  friend bool operator==(const AccessDenial&, const AccessDenial&) = default;
};

/// Who may do what over the API (docs/api.md). A caller is authenticated by a token of
/// `apiConfig.tokenFile` or by a client certificate; either will do. Safe to use from several
/// threads.
class Access {
 public:
  /// By `config`, whose token file is read. The clock outlives it. Throws TokenFileError.
  Access(const ApiConfig& config, Clock& clock);

  /// None: go ahead. Whatever more than looks is denied to web pages of other sites, which could
  /// otherwise have the browser of whoever reaches an open API scale; and everything to those that
  /// reach us by a name which is not ours.
  std::optional<AccessDenial> denial(Purpose purpose, const ServerRequest& request) const;

  /// Why web pages may not do this, whoever may; none: it is no web page, or it is ours.
  std::optional<AccessDenial> denial_of_page(Purpose purpose, const ServerRequest& request) const;

  /// Whether there is something this caller may do only once it says who it is.
  bool authentication_helps(const ServerRequest& request) const;

 private:
  Callers allowed(Purpose purpose) const;
  AccessDenial missing_authentication() const;

  const ApiConfig config_;
  const BrowserGuard guard_;
  const std::unique_ptr<TokenFile> tokens_;  // null: there are none
};

}  // namespace cpab
