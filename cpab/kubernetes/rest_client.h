#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "cpab/io/http_client.h"
#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/retry.h"
#include "cpab/model/budget.h"
#include "cpab/model/memory_account.h"

namespace cpab {

class Clock;
class TokenSource;

/// One call of the Kubernetes API.
struct ApiRequest {
  std::string method = "GET";
  std::string path;  ///< percent-encoded, with its query: `/api/v1/namespaces/a/pods?limit=5`
  std::string subject =
      {};  ///< what is asked for, such as `pods.metrics.k8s.io`; only for messages
  std::string content_type = {};  ///< of `body`
  std::optional<std::string> body = {};
};

/// A request that failed for good.
struct RequestError : KubernetesError {
  using KubernetesError::KubernetesError;

  bool has_status_object = false;  ///< the API server explained itself in a Status object
  /// That Status object names an object. A 404 that does not means that the path leads nowhere.
  bool names_object = false;
  /// A try got no answer, or one of 5xx: what it asked for may have happened.
  bool may_have_happened = false;

  bool unknown_path() const { return status == 404 && !names_object; }
};

/// One try of a request, which is over.
struct RestTry {
  std::string method;
  int status = 0;                    ///< what was answered; 0: nothing
  std::chrono::nanoseconds took{0};  ///< until the answer was there
  bool retry = false;                ///< not the first try of this request
};

/// What a RestClient needs to know; `server` has no slash at the end.
struct RestOptions {
  std::string server;
  Duration timeout{10'000};  ///< of one try
  RetryPolicy retry = {};
  std::function<double()> random = {};  ///< in [0, 1); none: a generator of its own
  /// Is told of every try, on the thread of the caller; returns at once and does not throw.
  std::function<void(const RestTry&)> observer = [](const RestTry&) {};
};

/// Talks to one API server, gently: a connection failure, 429 and 5xx are tried again after a
/// growing, jittered pause that respects Retry-After and never goes beyond the caller's budget, nor
/// more often than that says; a
/// 401 is tried again once with the token read anew; other refusals are final. Until a Retry-After
/// is over, later requests for the same thing wait for it too, or fail when they cannot. What is
/// tried again is warned of once, until it works again. The caller sees to it that requests can be
/// repeated. Safe to call from several threads at once.
class RestClient {
 public:
  /// The references outlive the client.
  RestClient(HttpClient& http, TokenSource& token, Clock& clock, RestOptions options);

  /// Sends `request` and returns what `read` makes of the body of the answer. An answer that is
  /// not whole and valid JSON (`read` throws JsonError) counts as none. Throws RequestError, whose
  /// message is that of the Status object where there is one, MemoryError when the memory of
  /// `budget` has no room for the answer, and whatever else `read` throws.
  template <typename Read>
  auto send(const ApiRequest& request, const Budget& budget, Read read) {
    std::optional<std::invoke_result_t<Read, std::string_view>> result;
    exchange(request, budget, [&](std::string_view body) { result.emplace(read(body)); });
    return *std::move(result);
  }

 private:
  struct Failure;
  using BodyReader = std::function<void(std::string_view)>;

  void exchange(const ApiRequest& request, const Budget& budget, const BodyReader& read);
  std::optional<Failure> attempt(const ApiRequest& request, const Budget& budget,
                                 const BodyReader& read, bool retry);
  std::string without_token(std::string text) const;
  HttpResponse send_once(const ApiRequest& request, const Budget& budget, MemoryShare& memory,
                         bool retry);
  bool pause(int retry, std::optional<Duration> retry_after, const Budget& budget);
  void wait_until_welcome(const ApiRequest& request, const Budget& budget);
  void note_trouble(const ApiRequest& request, const Failure& failure);
  void note_success(const ApiRequest& request);
  HttpRequest http_request(const ApiRequest& request, const Budget& budget);
  Failure no_answer(const ApiRequest& request, const HttpError& error) const;
  Failure refusal(const ApiRequest& request, const HttpResponse& response) const;
  std::string describe(const ApiRequest& request) const;

  HttpClient& http_;
  TokenSource& token_;
  Clock& clock_;
  RestOptions options_;
  std::mutex mutex_;
  /// The requests that have been warned of, and when they may be sent again; guarded by mutex_.
  std::map<std::string, TimePoint> troubled_;
};

/// A generator of numbers in [0, 1) that may be called from several threads.
std::function<double()> random_unit();

}  // namespace cpab
