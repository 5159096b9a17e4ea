#include <catch2/catch.hpp>
#include <deque>
#include <mutex>
#include <thread>

#include "cpab/io/manual_clock.h"
#include "cpab/io/system_clock.h"
#include "cpab/methods/http_method.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/raw_http_server.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_processes.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t limit = 100'000;

HttpConfig config_of(const std::string& url, const std::string& method = "POST",
                     const std::string& mode = "body") {
  HttpConfig config;
  config.method = method;
  config.url = url;
  config.success_codes = {200};
  config.parameter_mode = mode;
  return config;
}

// Answers by a function and keeps what it was asked.
class ScriptedHttpClient : public HttpClient {
 public:
  using Answer = std::function<HttpResponse(const HttpRequest&)>;
  ScriptedHttpClient(Answer answer, std::vector<HttpRequest>& requests)
      : answer_(std::move(answer)), requests_(requests) {}

  HttpResponse send(const HttpRequest& request) override {
    requests_.push_back(request);
    return answer_(request);
  }

 private:
  Answer answer_;
  std::vector<HttpRequest>& requests_;
};

struct Scripted {
  ManualClock clock;
  std::vector<HttpRequest> requests;
  ScriptedHttpClient::Answer answer = [](const HttpRequest&) { return HttpResponse{200, {}, "7"}; };

  HttpMethod method(const HttpConfig& config) {
    return HttpMethod(config, 1500ms, std::make_unique<ScriptedHttpClient>(answer, requests), clock,
                      limit);
  }

  std::string run(const HttpConfig& config, std::string_view input = "{}") {
    return method(config).run(input, {});
  }

  // `reason: message` of the failure, wherever it comes from.
  std::string error(const HttpConfig& config) {
    try {
      run(config);
    } catch (const MethodError& failure) {
      return failure.reason + ": " + failure.what();
    }
    return "succeeded";
  }

  std::string error(const HttpConfig& config, HttpFailure failure, const std::string& message,
                    const std::string& url) {
    answer = [=](const HttpRequest&) -> HttpResponse { throw HttpError(failure, message, url); };
    return error(config);
  }
};

// A method that really sends.
struct Real {
  SystemClock clock;

  std::string run(const HttpConfig& config, std::string_view input = "{}",
                  Duration timeout = 10s) const {
    HttpMethod method(config, timeout, make_method_http_client(config, clock), clock, limit);
    return method.run(input, {});
  }

  std::string error(const HttpConfig& config, Duration timeout = 10s) const {
    try {
      run(config, "{}", timeout);
    } catch (const MethodError& failure) {
      return failure.what();
    }
    return "succeeded";
  }
};

RawHttpServer::Serve echo() {
  return RawHttpServer::answering(
      [](const std::string& request) { return raw_answer(200, request); });
}

}  // namespace

TEST_CASE_METHOD(Scripted, "http: body mode sends the input with its headers",
                 "[methods][contract-31][contract-33]") {
  HttpConfig config = config_of("http://h/x?a=1#frag");
  config.headers = {{"exampleHeader", "1"}, {"x-two", "2"}, {"content-type", "text/x"}};

  CHECK(run(config, "{\"v\":1}") == "7");

  REQUIRE(requests.size() == 1);
  CHECK(requests[0].method == "POST");
  CHECK(requests[0].url == "http://h/x?a=1");
  CHECK(requests[0].body == "{\"v\":1}");
  CHECK(requests[0].headers ==
        HttpHeaders{{"Content-Type", "text/x"}, {"Exampleheader", "1"}, {"X-Two", "2"}});
  CHECK(requests[0].budget.deadline == clock.now() + 1500ms);
  CHECK(requests[0].max_response_bytes == limit);
}

TEST_CASE_METHOD(Scripted, "http: JSON is the content type unless another is configured",
                 "[methods][contract-33]") {
  run(config_of("http://h/x", "PUT"));
  run(config_of("http://h/x", "PUT", "query"));

  CHECK(requests[0].headers == HttpHeaders{{"Content-Type", "application/json"}});
  CHECK(requests[1].headers.empty());
}

TEST_CASE_METHOD(Scripted, "http: query mode adds the value to a sorted query",
                 "[methods][contract-32]") {
  run(config_of("http://h/x?z=1&value=old&a=2#f", "GET", "query"), "{\"a\": \"\xc3\xa9+&\"}");
  run(config_of("http://h", "DELETE", "query"), "v");

  CHECK(requests[0].url ==
        "http://h/x?a=2&value=old&value=%7B%22a%22%3A+%22%C3%A9%2B%26%22%7D&z=1");
  CHECK(requests[0].body == std::nullopt);
  CHECK(requests[1].url == "http://h?value=v");
  CHECK(requests[1].method == "DELETE");
}

TEST_CASE_METHOD(Scripted, "http: the method is sent as written, none is GET", "[methods]") {
  run(config_of("http://h", "post"));
  run(config_of("http://h", ""));

  CHECK(requests[0].method == "post");
  CHECK(requests[1].method == "GET");
}

TEST_CASE_METHOD(Scripted, "http: headers that follow from the request are ignored", "[methods]") {
  HttpConfig config = config_of("http://h", "GET", "query");
  config.headers = {
      {"host", "evil"}, {"Content-Length", "1"}, {"transfer-encoding", "x"}, {"X", ""}};
  run(config);

  CHECK(requests[0].headers == HttpHeaders{{"X", ""}});
}

TEST_CASE_METHOD(Scripted, "http: credentials of the URL become Basic auth", "[methods]") {
  HttpConfig own = config_of("http://u:p@h", "GET", "query");
  own.headers = {{"Authorization", "Bearer t"}};
  run(config_of("http://u:p@h", "GET", "query"));
  run(config_of("http://us%40er@h", "GET", "query"));
  run(own);

  CHECK(requests[0].url == "http://h?value=%7B%7D");
  CHECK(requests[0].headers == HttpHeaders{{"Authorization", "Basic dTpw"}});
  CHECK(requests[1].headers == HttpHeaders{{"Authorization", "Basic dXNAZXI6"}});
  CHECK(requests[2].headers == HttpHeaders{{"Authorization", "Bearer t"}});
}

TEST_CASE_METHOD(Scripted, "http: only listed statuses succeed",
                 "[methods][contract-34][contract-35]") {
  HttpConfig config = config_of("http://h");
  answer = [](const HttpRequest&) { return HttpResponse{400, {}, "bad request!"}; };
  CHECK(error(config) ==
        "http_status: HTTP request failed, status: [400], response: 'bad request!'");
  config.success_codes = {200, 400};
  CHECK(run(config) == "bad request!");
  config.success_codes = {};
  answer = [](const HttpRequest&) { return HttpResponse{200, {}, "7"}; };
  CHECK(error(config) == "http_status: HTTP request failed, status: [200], response: '7'");
}

TEST_CASE_METHOD(Scripted, "http: a long refused answer is shown in part", "[methods]") {
  answer = [](const HttpRequest&) { return HttpResponse{500, {}, std::string(5000, 'x')}; };

  CHECK(error(config_of("http://h")) ==
        "http_status: HTTP request failed, status: [500], response: '" + std::string(4096, 'x') +
            "... (5000 bytes)'");
}

TEST_CASE_METHOD(Real, "http: a page of errors that echoes the request shows no secret",
                 "[methods]") {
  const RawHttpServer server(RawHttpServer::answering([](const std::string& request) {
    return raw_answer(500, "<pre>" + request + "</pre>" + request);
  }));
  HttpConfig config = config_of("http://me:pass-word@" + server.host() + "/x?apikey=query-key&a=1");
  config.headers = {{"X-Api-Key", "api-key-1"},
                    {"Cookie", "session=cookie-1"},
                    {"X-Custom", "a1b2c3d4e5"},
                    {"X-Team", "shop"},
                    {"Accept", "text/plain"}};

  HttpMethod method(config, 10s, make_method_http_client(config, clock), clock, limit);
  try {
    method.run("{}", {});
    FAIL("it succeeded");
  } catch (const MethodError& failure) {
    const std::string basic = "bWU6cGFzcy13b3Jk";
    for (const std::string& text : {std::string(failure.what()), failure.out}) {
      for (const char* secret :
           {"pass-word", "query-key", "api-key-1", "cookie-1", "a1b2c3d4e5", basic.c_str()}) {
        INFO(secret);
        CHECK(text.find(secret) == std::string::npos);
      }
      CHECK_THAT(text, Catch::Contains("X-Api-Key: ***") && Catch::Contains("X-Team: shop") &&
                               Catch::Contains("Accept: text/plain") &&
                               Catch::Contains("/x?a=1&apikey=*** HTTP") ||
                           Catch::Contains("/x?apikey=***&a=1 HTTP"));
    }
  }
}

TEST_CASE_METHOD(Scripted, "http: what can never work is refused in the reference's words",
                 "[methods][contract-36]") {
  const auto with_header = [](const std::string& name, const std::string& value) {
    HttpConfig config = config_of("http://h/x?t=secret");
    config.headers = {{name, value}};
    return config;
  };

  CHECK(error(config_of("http://h", "*?")) == "config: net/http: invalid method \"*?\"");
  CHECK(error(config_of("http://h", "A B")) == "config: net/http: invalid method \"A B\"");
  CHECK(error(config_of("http://[bad/x")) ==
        "config: parse \"http://[bad/x\": missing ']' in host");
  CHECK(error(config_of("http://h", "GET", "unknown")) ==
        "config: unknown parameter mode 'unknown'");
  CHECK(error(config_of("http://h", "GET", "")) == "config: unknown parameter mode ''");
  CHECK(error(config_of("")) == "config: Post \"\": unsupported protocol scheme \"\"");
  CHECK(error(config_of("ftp://h/x", "get")) ==
        "config: get \"ftp://h/x\": unsupported protocol scheme \"ftp\"");
  CHECK(error(config_of("http:///x", "")) ==
        "config: Get \"http:///x\": http: no Host in request URL");
  CHECK(error(with_header("Bad Name", "x")) ==
        "config: Post \"http://h/x?...\": net/http: invalid header field name \"Bad Name\"");
  CHECK(error(with_header("X", "a\nb")) ==
        "config: Post \"http://h/x?...\": net/http: invalid header field value for \"X\"");
}

TEST_CASE_METHOD(Scripted, "http: failures have the reference's words first, and no query",
                 "[methods][contract-37]") {
  const HttpConfig config = config_of("http://h/x?t=secret");
  const std::string url = "http://h/x?...";

  CHECK(error(config, HttpFailure::timeout, "context deadline exceeded", url) ==
        "timeout: Post \"http://h/x?...\": context deadline exceeded");
  CHECK(error(config, HttpFailure::body_timeout, "context deadline exceeded", url) ==
        "timeout: context deadline exceeded (Post \"http://h/x?...\")");
  CHECK(error(config, HttpFailure::closed, "EOF", url) == "closed: Post \"http://h/x?...\": EOF");
  CHECK(error(config, HttpFailure::truncated, "unexpected EOF", url) ==
        "truncated: unexpected EOF (Post \"http://h/x?...\")");
  CHECK(error(config, HttpFailure::connect, "refused", url) ==
        "connect: Post \"http://h/x?...\": refused");
  CHECK(error(config, HttpFailure::tls, "open /ca: no such file or directory", "") ==
        "tls: open /ca: no such file or directory");
  CHECK(error(config, HttpFailure::redirects, "stopped after 10 redirects", "http://h/loop") ==
        "redirects: Post \"http://h/loop\": stopped after 10 redirects");
  CHECK(error(config, HttpFailure::too_large, "long", url) ==
        "output_too_large: Post \"http://h/x?...\": long");
  CHECK(error(config, HttpFailure::stopped, "context canceled", url) ==
        "stopped: Post \"http://h/x?...\": context canceled");
}

TEST_CASE_METHOD(Scripted, "http: requests are announced at verbosity 4, without the query",
                 "[methods]") {
  const CapturedLog log(4);
  run(config_of("http://u:p@h/x?token=secret", "GET", "query"));

  CHECK(log.messages() ==
        std::vector<std::string>{
            "DEBUG Making HTTP request, method: 'GET', URL: 'http://***@h/x?...'"});
}

TEST_CASE("http: half a client certificate is warned of", "[methods]") {
  const CapturedLog log;
  SystemClock clock;
  HttpConfig config = config_of("https://h/x");
  config.client_cert = "/cert.pem";
  make_method_http_client(config, clock);
  config.client_cert.reset();
  config.client_key = "/key.pem";
  make_method_http_client(config, clock);

  CHECK(log.messages() == std::vector<std::string>{
                              "WARN  No client certificate is used for https://h/x: clientCert is "
                              "set without clientKey",
                              "WARN  No client certificate is used for https://h/x: clientKey is "
                              "set without clientCert"});
}

// ---- over the wire

TEST_CASE_METHOD(Real, "http: a whole request as the server sees it",
                 "[methods][contract-31][contract-32][contract-33]") {
  const RawHttpServer server(echo());
  HttpConfig config = config_of(server.url("/x?b=1"));
  config.headers = {{"X-One", "1"}, {"x-two", "2"}, {"x-three", "3"}};

  const std::string body_request = run(config, "{\"v\":1}");
  config = config_of(server.url("/x?z=1&a=2"), "GET", "query");
  const std::string query_request = run(config, "a b");

  const std::string agent = "User-Agent: cpab/";
  const std::string rest = body_request.substr(body_request.find("\r\nAccept-Encoding"));
  CHECK(
      body_request.starts_with("POST /x?b=1 HTTP/1.1\r\nHost: " + server.host() + "\r\n" + agent));
  CHECK(rest ==
        "\r\nAccept-Encoding: gzip\r\nX-One: 1\r\nX-Three: 3\r\nX-Two: 2\r\n"
        "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"v\":1}");
  CHECK(query_request.starts_with("GET /x?a=2&value=a+b&z=1 HTTP/1.1\r\n"));
}

TEST_CASE_METHOD(Real, "http: a server that stalls runs into the timeout",
                 "[methods][contract-37]") {
  const auto stall_after = [](std::string text) {
    return [text](RawConnection& connection) {
      connection.read_request();
      connection.send(text);
      connection.wait_for_close();
    };
  };
  const RawHttpServer silent(stall_after(""));
  const RawHttpServer half(stall_after("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));

  CHECK(error(config_of(silent.url("/slow")), 80ms) ==
        "Post \"" + silent.url("/slow") + "\": context deadline exceeded");
  CHECK(error(config_of(half.url("/slow")), 80ms) ==
        "context deadline exceeded (Post \"" + half.url("/slow") + "\")");
  CHECK(error(config_of(half.url("/slow")), 0ms) ==
        "Post \"" + half.url("/slow") + "\": context deadline exceeded");
}

TEST_CASE_METHOD(Real, "http: redirects are followed as in the reference",
                 "[methods][contract-40]") {
  const RawHttpServer server(RawHttpServer::answering([](const std::string& request) {
    if (request.find(" /target ") != std::string::npos) {
      return raw_answer(200, request.substr(0, request.find(' ')));
    }
    const bool is_307 = request.find(" /307") != std::string::npos;
    const bool loops = request.find(" /loop") != std::string::npos;
    return raw_answer(is_307 ? 307 : 302, "moved",
                      std::string("Location: ") + (loops ? "/loop" : "/target") + "\r\n");
  }));

  CHECK(run(config_of(server.url("/302"))) == "GET");
  CHECK(run(config_of(server.url("/302"), "GET", "query")) == "GET");
  CHECK(run(config_of(server.url("/307"), "PUT", "query")) == "PUT");
  CHECK(error(config_of(server.url("/307"))) ==
        "HTTP request failed, status: [307], response: 'moved'");
  CHECK(error(config_of(server.url("/loop"), "GET")) ==
        "Get \"" + server.url("/loop") + "\": stopped after 10 redirects");
}

TEST_CASE_METHOD(Real, "http: a private authority replaces the system's",
                 "[methods][contract-38]") {
  const TestAuthority authority;
  const TestAuthority stranger;
  const TemporaryDirectory directory;
  const RawHttpServer server(echo(), RawTls{authority.issue("IP:127.0.0.1"), ""});
  HttpConfig config = config_of(server.url("/x"));

  CHECK(error(config).starts_with("Post \"" + server.url("/x") +
                                  "\": tls: failed to verify certificate: "));
  config.ca_cert = directory.write("ca.pem", authority.certificate());
  CHECK(run(config).starts_with("POST /x"));
  config.ca_cert = directory.write("stranger.pem", stranger.certificate());
  CHECK(error(config).starts_with("Post \"" + server.url("/x") +
                                  "\": tls: failed to verify certificate: "));
  config.ca_cert = "/nonexistent.pem";
  CHECK(error(config) == "open /nonexistent.pem: no such file or directory");
  config.ca_cert = "";
  CHECK(error(config) == "open : no such file or directory");
  config.ca_cert = directory.write("text", "no PEM");
  CHECK(error(config).starts_with("failed to populate CA root pool for HTTP execute"));
}

TEST_CASE_METHOD(Real, "http: a client certificate is shown, and connections do not pile up",
                 "[methods][contract-39]") {
  const CapturedLog log;
  const TestAuthority authority;
  const TemporaryDirectory directory;
  const RawHttpServer server(echo(),
                             RawTls{authority.issue("IP:127.0.0.1"), authority.certificate()});
  const TestIdentity identity = authority.issue("");
  HttpConfig config = config_of(server.url("/x"));
  config.ca_cert = directory.write("ca.pem", authority.certificate());
  config.client_cert = directory.write("cert.pem", identity.certificate);
  CHECK(error(config).starts_with("Post \"" + server.url("/x") + "\": "));  // no key: not used

  config.client_key = directory.write("other.pem", authority.issue("").key);
  CHECK(error(config).starts_with("tls: private key does not match public key"));
  config.client_key = directory.write("key.pem", identity.key);
  HttpMethod method(config, 10s, make_method_http_client(config, clock), clock, limit);
  method.run("{}", {});
  const int descriptors = open_descriptors();
  const int connections = server.connections();
  for (int i = 0; i < 200; ++i) method.run("{}", {});

  CHECK(open_descriptors() == descriptors);
  CHECK(server.connections() == connections);
}

TEST_CASE_METHOD(Real, "http: with a TLS file no proxy is asked", "[methods][contract-38]") {
  const TestAuthority authority;
  const TemporaryDirectory directory;
  const RawHttpServer proxy(echo());
  ::setenv("HTTP_PROXY", ("http://" + proxy.host()).c_str(), 1);
  HttpConfig config = config_of("http://somewhere.invalid/x");
  const std::string proxied = run(config);
  config.ca_cert = directory.write("ca.pem", authority.certificate());
  const std::string direct = error(config);
  ::unsetenv("HTTP_PROXY");

  CHECK(proxied.starts_with("POST http://somewhere.invalid/x HTTP/1.1\r\n"));
  CHECK(direct.starts_with("Post \"http://somewhere.invalid/x\": "));
}

TEST_CASE_METHOD(Real, "http: a stop ends a call", "[methods]") {
  std::stop_source source;
  const RawHttpServer server([&](RawConnection& connection) {
    connection.read_request();
    source.request_stop();
    connection.wait_for_close();
  });
  const HttpConfig config = config_of(server.url());
  HttpMethod method(config, 10s, make_method_http_client(config, clock), clock, limit);

  try {
    method.run("{}", source.get_token());
    FAIL("an answer came");
  } catch (const MethodError& failure) {
    CHECK(failure.reason == "stopped");
  }
}
