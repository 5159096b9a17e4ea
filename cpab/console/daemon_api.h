#pragma once

#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/console/decision_view.h"
#include "cpab/console/status_view.h"
#include "cpab/io/clock.h"
#include "cpab/io/http_client.h"

namespace cpab {

/// Where the API of a running cpab is, and who asks.
struct DaemonAddress {
  std::string url = "http://127.0.0.1:5000";
  std::string token;  ///< bearer token; empty = none
};

/// The API cannot be used; the message says what to do.
struct DaemonApiError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The reading half of the REST API, as a client. All functions throw DaemonApiError, and return
/// within seconds or when `stop` is requested.
class DaemonApi {
 public:
  /// Client and clock outlive it.
  DaemonApi(DaemonAddress address, HttpClient& http, const Clock& clock);

  StatusView status(std::stop_token stop = {});

  DecisionView last_decision();

  /// The last one that changed the count.
  DecisionView last_change();

  /// The one of that id.
  DecisionView decision(std::uint64_t id);

  /// The newest `limit` of those after `id`, oldest first.
  std::vector<DecisionView> decisions_after(std::uint64_t id, std::size_t limit,
                                            std::stop_token stop = {});

 private:
  template <typename View>
  View read(const std::string& target, View (*parse)(std::string_view), std::stop_token stop);
  std::string get(const std::string& target, std::stop_token stop);
  [[noreturn]] void refuse(const HttpResponse& response) const;
  [[noreturn]] void not_cpab(const std::string& why) const;

  const DaemonAddress address_;
  HttpClient& http_;
  const Clock& clock_;
};

/// The first token of a file of tokens, one a line. Throws DaemonApiError.
std::string token_of_file(const std::string& path);

}  // namespace cpab
