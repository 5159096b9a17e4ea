#include "cpab/methods/http_method.h"

#include <algorithm>
#include <array>
#include <utility>

#include "cpab/config/secrets.h"
#include "cpab/io/curl_http_client.h"
#include "cpab/io/logging.h"
#include "cpab/methods/text_tail.h"
#include "cpab/model/base64.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

[[noreturn]] void fail(const std::string& message) { throw MethodError("config", message); }

// RFC 9110 `tchar`: what methods and header names are made of.
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// `exampleHeader` is sent as `Exampleheader`, `x-a` as `X-A`.
std::string canonical_header_name(std::string name) {
  if (!is_token(name)) return name;
  bool at_start = true;
  for (char& c : name) {
    c = at_start ? upper(c) : lower(c);
    at_start = c == '-';
  }
  return name;
}

// Headers that follow from the request itself; configured ones are ignored.
bool is_ignored(std::string_view name) {
  constexpr std::array<std::string_view, 4> ignored{"Host", "Content-Length", "Transfer-Encoding",
                                                    "Trailer"};
  return std::find(ignored.begin(), ignored.end(), name) != ignored.end();
}

// `Get`, as errors begin.
std::string capitalized(std::string verb) {
  for (std::size_t i = 1; i < verb.size(); ++i) verb[i] = lower(verb[i]);
  return verb;
}

HttpHeaders sent_headers(const HttpConfig& config, const HttpUrl& url) {
  HttpHeaders headers;
  for (const auto& [name, value] : config.headers) {
    const std::string canonical = canonical_header_name(name);
    if (!is_ignored(canonical)) headers.emplace_back(canonical, value);
  }
  if (!url.credentials.empty() && header(headers, "Authorization").empty()) {
    const bool has_password = url.credentials.find(':') != std::string::npos;
    headers.emplace_back("Authorization",
                         "Basic " + base64_encode(url.credentials + (has_password ? "" : ":")));
  }
  if (config.parameter_mode == "body" && header(headers, "Content-Type").empty()) {
    headers.emplace_back("Content-Type", "application/json");
  }
  return headers;
}

HttpUrl parse_url(const std::string& text) {
  try {
    return parse_http_url(text);
  } catch (const HttpUrlError& error) {
    fail(error.what());
  }
}

const std::string& checked_verb(const std::string& verb) {
  if (!is_token(verb)) fail("net/http: invalid method \"" + verb + '"');
  return verb;
}

// Whole when it is short; a long one would only hide what went wrong.
std::string shown(const std::string& body) {
  if (body.size() <= shown_bytes) return body;
  return std::string(utf8_prefix(body, shown_bytes)) + "... (" + std::to_string(body.size()) +
         " bytes)";
}

std::string_view reason_of(HttpFailure failure) {
  switch (failure) {
    case HttpFailure::connect:
      return "connect";
    case HttpFailure::tls:
      return "tls";
    case HttpFailure::timeout:
    case HttpFailure::body_timeout:
      return "timeout";
    case HttpFailure::too_large:
      return "output_too_large";
    case HttpFailure::stopped:
      return "stopped";
    case HttpFailure::closed:
      return "closed";
    case HttpFailure::truncated:
      return "truncated";
    case HttpFailure::redirects:
      return "redirects";
    case HttpFailure::other:
      return "other";
  }
  return "other";
}

}  // namespace

HttpMethod::HttpMethod(HttpConfig config, Duration timeout, std::unique_ptr<HttpClient> client,
                       const Clock& clock, std::size_t max_output_bytes)
    : config_(std::move(config)),
      verb_(checked_verb(config_.method.empty() ? "GET" : config_.method)),
      url_(parse_url(config_.url)),
      timeout_(timeout),
      client_(std::move(client)),
      clock_(clock),
      max_output_bytes_(max_output_bytes),
      headers_(sent_headers(config_, url_)),
      redacted_(redaction_of(config_)) {
  check();
}

// In the order of the reference, with its words.
void HttpMethod::check() const {
  if (config_.parameter_mode != "body" && config_.parameter_mode != "query") {
    fail("unknown parameter mode '" + config_.parameter_mode + '\'');
  }
  for (const auto& [name, value] : headers_) {
    if (!is_token(name)) {
      fail(at_url(config_.url) + "net/http: invalid header field name \"" + name + '"');
    }
    if (!is_header_value(value)) {
      fail(at_url(config_.url) + "net/http: invalid header field value for \"" + name + '"');
    }
  }
  if (!url_.is_http()) {
    fail(at_url(config_.url) + "unsupported protocol scheme \"" + url_.scheme + '"');
  }
  if (!url_.has_host()) fail(at_url(config_.url) + "http: no Host in request URL");
}

std::string HttpMethod::run(std::string_view input, const CallLimits& limits) {
  if (verbose(4)) {
    log_verbose(4, "Making HTTP request, method: '" + verb_ + "', URL: '" +
                       redacted_url(config_.url) + '\'');
  }
  limits.take(copies_of_input() * input.size());
  HttpResponse response = send(request(input, limits));
  limits.keep(response.body);
  const auto& codes = config_.success_codes;
  if (std::find(codes.begin(), codes.end(), response.status) != codes.end()) {
    return std::move(response.body);
  }
  // A page of errors may echo the request.
  const std::string body = redacted_(std::move(response.body));
  throw MethodError("http_status",
                    "HTTP request failed, status: [" + std::to_string(response.status) +
                        "], response: '" + nul_escaped(shown(body)) + '\'',
                    std::string(tail(body)));
}

/// In a URL a byte may become three, and at the most there are the input and two such texts of it.
std::size_t HttpMethod::copies_of_input() const { return config_.parameter_mode == "body" ? 1 : 7; }

HttpRequest HttpMethod::request(std::string_view input, const CallLimits& limits) const {
  HttpRequest request;
  request.method = verb_;
  request.headers = headers_;
  request.budget = {clock_.now() + timeout_, limits.stop};
  request.max_response_bytes = max_output_bytes_;
  request.memory = limits.memory;
  if (config_.parameter_mode == "body") {
    request.url = url_.address();
    request.body = std::string(input);
  } else {
    request.url = query_address(input);
  }
  return request;
}

std::string HttpMethod::query_address(std::string_view input) const {
  QueryValues values = parse_query(url_.query);
  values["value"].emplace_back(input);
  HttpUrl url = url_;
  url.query = encode_query(values);
  return url.address();
}

HttpResponse HttpMethod::send(const HttpRequest& request) {
  try {
    return client_->send(request);
  } catch (const HttpError& error) {
    throw error_of(error);
  }
}

// The reference names method and URL, unless the answer had begun or nothing was sent at all.
MethodError HttpMethod::error_of(const HttpError& error) const {
  const bool names_url = !error.url.empty() && error.failure != HttpFailure::body_timeout &&
                         error.failure != HttpFailure::truncated;
  const std::string where =
      error.url.empty() ? "" : " (" + capitalized(verb_) + " \"" + error.url + "\")";
  return MethodError(std::string(reason_of(error.failure)),
                     names_url ? at_url(error.url) + error.what() : error.what() + where);
}

std::string HttpMethod::at_url(const std::string& url) const {
  return capitalized(verb_) + " \"" + redacted_url(url) + "\": ";
}

std::unique_ptr<HttpClient> make_method_http_client(const HttpConfig& config, const Clock& clock) {
  const bool has_pair = config.client_cert && config.client_key;
  if (config.client_cert.has_value() != config.client_key.has_value()) {
    log_warning("No client certificate is used for " + redacted_url(config.url) + ": " +
                (config.client_cert ? "clientCert is set without clientKey"
                                    : "clientKey is set without clientCert"));
  }
  HttpClientOptions options;
  options.tls.ca_file = config.ca_cert;
  if (has_pair) {
    options.tls.client_cert_file = config.client_cert;
    options.tls.client_key_file = config.client_key;
  }
  options.follow_redirects = true;
  options.use_proxy_environment = !config.ca_cert && !config.client_cert && !config.client_key;
  options.user_agent = "cpab/" CPAB_VERSION;
  return std::make_unique<CurlHttpClient>(std::move(options), clock);
}

}  // namespace cpab
