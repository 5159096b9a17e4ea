#include "cpab/kubernetes/rest_client.h"

#include <algorithm>
#include <memory>
#include <mutex>

#include "cpab/io/clock.h"
#include "cpab/io/logging.h"
#include "cpab/kubernetes/json_fields.h"
#include "cpab/kubernetes/token_source.h"
#include "cpab/model/json_text.h"
#include "cpab/model/redaction.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

/// Room for a page of large pods; more than this is not an answer but an accident.
constexpr std::size_t max_answer_bytes = 64u << 20;

/// Of what a Status object says.
constexpr std::size_t longest_message = 4'096;

/// A cycle may not be put off for hours by one answer.
constexpr Duration longest_remembered{60'000};

/// What the reference says when an answer is not a Status object.
std::string generic_message(int status, std::string_view body) {
  switch (status) {
    case 400:
      return "the server rejected our request for an unknown reason";
    case 401:
      return "the server has asked for the client to provide credentials";
    case 404:
      return "the server could not find the requested resource";
    case 405:
      return "the server does not allow this method on the requested resource";
    case 409:
      return "the server reported a conflict";
    case 422:
      return "the server rejected our request due to an error in our request";
    case 429:
      return "the server has received too many requests and has asked us to try again later";
    case 503:
      return "the server is currently unable to handle the request";
    case 504:
      return "the server was unable to return a response in the time allotted, but may still be "
             "processing the request";
    default:
      break;
  }
  if (status >= 500) {
    return "an error on the server (" + excerpt(body) +
           ") has prevented the request from succeeding";
  }
  return "the server answered with status " + std::to_string(status) + ": " + excerpt(body);
}

std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// `Get`, as the reference writes methods in messages.
std::string capitalized(const std::string& method) {
  return method.substr(0, 1) + lower_case(method.substr(1));
}

/// Selectors make queries long.
std::string path_without_query(const ApiRequest& request) {
  return request.path.substr(0, request.path.find('?'));
}

bool is_status_object(std::string_view body) {
  return string_field(body, "kind") == "Status" && !string_field(body, "message").empty();
}

/// The error a refusing answer stands for: the words of its Status object if it has one.
RequestError error_of(const ApiRequest& request, const HttpResponse& response) {
  try {
    if (is_status_object(json_value(response.body))) {
      RequestError error(response.status,
                         cut_short(string_field(response.body, "message"), longest_message));
      error.has_status_object = true;
      const auto details = object_field(response.body, "details");
      error.names_object = details && !string_field(*details, "name").empty();
      return error;
    }
  } catch (const JsonError&) {
  } catch (const KubernetesError&) {
  }
  std::string message = generic_message(response.status, response.body);
  // A proxy that forbids does not say what; an API server does, in its Status object.
  const std::string subject = request.subject.empty() && response.status == 403
                                  ? path_without_query(request)
                                  : request.subject;
  if (!subject.empty()) message += " (" + lower_case(request.method) + " " + subject + ")";
  return {response.status, message};
}

/// `error`, saying how often it was tried when that was more than once.
RequestError tried(const RequestError& error, int tries) {
  if (tries == 1) return error;
  RequestError told(error.status,
                    std::string(error.what()) + " (tried " + std::to_string(tries) + " times)");
  told.has_status_object = error.has_status_object;
  told.names_object = error.names_object;
  told.may_have_happened = error.may_have_happened;
  return told;
}

bool worth_repeating(HttpFailure failure) {
  switch (failure) {
    case HttpFailure::connect:
    case HttpFailure::timeout:
    case HttpFailure::body_timeout:
    case HttpFailure::closed:
    case HttpFailure::truncated:
    case HttpFailure::other:
      return true;
    case HttpFailure::tls:
    case HttpFailure::too_large:
    case HttpFailure::redirects:
    case HttpFailure::stopped:
      return false;
  }
  return false;
}

bool may_have_arrived(HttpFailure failure) {
  return failure != HttpFailure::connect && failure != HttpFailure::tls;
}

}  // namespace

/// Why one try failed and what may be done about it.
struct RestClient::Failure {
  RequestError error;
  bool worth_repeating = false;
  bool may_have_happened = false;
  std::optional<Duration> retry_after = {};
};

std::function<double()> random_unit() {
  struct Generator {
    std::mutex mutex;
    std::mt19937 engine{std::random_device{}()};
  };
  return [generator = std::make_shared<Generator>()] {
    const std::lock_guard lock(generator->mutex);
    return std::uniform_real_distribution<double>(0, 1)(generator->engine);
  };
}

RestClient::RestClient(HttpClient& http, TokenSource& token, Clock& clock, RestOptions options)
    : http_(http), token_(token), clock_(clock), options_(std::move(options)) {
  if (!options_.random) options_.random = random_unit();
}

void RestClient::exchange(const ApiRequest& request, const Budget& budget, const BodyReader& read) {
  bool token_renewed = false;
  bool may_have_happened = false;
  wait_until_welcome(request, budget);
  for (int retry = 0;;) {
    auto failure = attempt(request, budget, read, retry > 0 || token_renewed);
    if (!failure) return note_success(request);
    if (failure->error.status == 401 && !token_renewed && token_.renew()) {
      token_renewed = true;
      continue;
    }
    may_have_happened |= failure->may_have_happened;
    failure->error.may_have_happened = may_have_happened;
    if (failure->worth_repeating) {
      note_trouble(request, *failure);
    } else if (failure->error.status != 0) {
      note_success(request);  // a refusal is an answer
    }
    const bool last = !failure->worth_repeating ||
                      retry == budget.max_retries.value_or(options_.retry.max_retries);
    if (last || !pause(retry, failure->retry_after, budget)) throw tried(failure->error, retry + 1);
    ++retry;
  }
}

/// Waits before a retry; false when the budget does not allow it.
bool RestClient::pause(int retry, std::optional<Duration> retry_after, const Budget& budget) {
  const Duration delay = retry_delay(options_.retry, retry, retry_after, options_.random());
  const TimePoint next = clock_.now() + delay;
  return next < budget.deadline && clock_.wait_until(next, budget.stop);
}

/// Waits as long as an earlier answer to such a request has asked for.
void RestClient::wait_until_welcome(const ApiRequest& request, const Budget& budget) {
  TimePoint welcome;
  {
    const std::lock_guard lock(mutex_);
    if (troubled_.empty()) return;
    const auto found = troubled_.find(describe(request));
    if (found == troubled_.end()) return;
    welcome = found->second;
  }
  const TimePoint now = clock_.now();
  if (welcome <= now) return;
  if (welcome < budget.deadline && clock_.wait_until(welcome, budget.stop)) return;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(welcome - now);
  throw RequestError(429, describe(request) +
                              "not sent: the API server has asked to be left alone " +
                              "for another " + std::to_string(seconds.count()) + " s");
}

/// One line for a fault, however long it lasts: each cycle that it fails says so anyway.
void RestClient::note_trouble(const ApiRequest& request, const Failure& failure) {
  const std::string what = describe(request);
  const Duration pause = std::min(failure.retry_after.value_or(Duration(0)), longest_remembered);
  {
    const std::lock_guard lock(mutex_);
    const bool known = !troubled_.insert_or_assign(what, clock_.now() + pause).second;
    if (known) return;
  }
  const std::string why = failure.error.what();
  log_warning("The API server has trouble, trying again: " +
              (why.starts_with(what) ? why : what + why));
}

void RestClient::note_success(const ApiRequest& request) {
  std::string what;
  {
    const std::lock_guard lock(mutex_);
    if (troubled_.empty()) return;
    what = describe(request);
    if (troubled_.erase(what) == 0) return;
  }
  log_info("The API server answers again: " + what.substr(0, what.size() - 2));
}

std::optional<RestClient::Failure> RestClient::attempt(const ApiRequest& request,
                                                       const Budget& budget, const BodyReader& read,
                                                       bool retry) {
  if (budget.stop.stop_requested()) {
    return Failure{{0, describe(request) + "stopped"}};
  }
  if (clock_.now() >= budget.deadline) {
    return Failure{{0, describe(request) + "no time left for the request"}};
  }
  try {
    MemoryShare memory(budget.memory,
                       "the answer to " + request.method + " " + path_without_query(request));
    HttpResponse response = send_once(request, budget, memory, retry);
    memory.grow(response.body.size());  // what is read out of it is as large at the most
    if (response.status < 200 || response.status > 299) {
      response.body = without_token(std::move(response.body));
      return refusal(request, response);
    }
    try {
      read(response.body);
      return std::nullopt;
    } catch (const JsonError& error) {
      const std::string message = describe(request) + "the answer is not JSON: " + error.what() +
                                  ": " + excerpt(without_token(std::move(response.body)));
      return Failure{{response.status, message}, true, true};
    }
  } catch (const HttpError& error) {
    return no_answer(request, error);
  }
}

/// For messages: a proxy may echo what it was sent.
std::string RestClient::without_token(std::string text) const {
  return Redaction({{token_.token(), true}})(std::move(text));
}

HttpResponse RestClient::send_once(const ApiRequest& request, const Budget& budget,
                                   MemoryShare& memory, bool retry) {
  const TimePoint start = clock_.now();
  const auto tell = [&](int status) {
    options_.observer({request.method, status, clock_.now() - start, retry});
  };
  try {
    HttpRequest http = http_request(request, budget);
    http.memory = &memory;
    HttpResponse response = http_.send(http);
    tell(response.status);
    return response;
  } catch (const std::exception&) {
    tell(0);
    throw;
  }
}

HttpRequest RestClient::http_request(const ApiRequest& request, const Budget& budget) {
  HttpRequest http;
  http.method = request.method;
  http.url = options_.server + request.path;
  http.headers = {{"Accept", "application/json"}};
  const std::string token = token_.token();
  if (!token.empty()) http.headers.emplace_back("Authorization", "Bearer " + token);
  if (request.body) http.headers.emplace_back("Content-Type", request.content_type);
  http.body = request.body;
  http.budget = {std::min(clock_.now() + options_.timeout, budget.deadline), budget.stop};
  http.max_response_bytes = max_answer_bytes;
  return http;
}

RestClient::Failure RestClient::no_answer(const ApiRequest& request, const HttpError& error) const {
  return {{0, describe(request) + error.what()},
          worth_repeating(error.failure),
          may_have_arrived(error.failure) || error.resent};
}

RestClient::Failure RestClient::refusal(const ApiRequest& request,
                                        const HttpResponse& response) const {
  const bool overload = response.status == 429;
  const bool broken = response.status >= 500;
  return {error_of(request, response), overload || broken, broken || response.resent,
          parse_retry_after(header(response.headers, "Retry-After"), clock_.wall_now())};
}

/// `Get "https://host/path": `.
std::string RestClient::describe(const ApiRequest& request) const {
  return capitalized(request.method) + " \"" + options_.server + path_without_query(request) +
         "\": ";
}

}  // namespace cpab
