#include <catch2/catch.hpp>
#include <mutex>
#include <thread>

#include "tests/end_to_end/setup.h"
#include "tests/end_to_end/tls_files.h"
#include "tests/fakes/gzip_bytes.h"
#include "tests/fakes/raw_http_server.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

/// The bytes of an answer that says 1 where the whole one says more, and closes the connection.
struct Cut {
  std::string name;
  std::string headers;  ///< without Content-Length
  std::string body;
  std::string failure;  ///< part of the message that it should come to
};

std::string bytes(const Cut& cut) {
  return "HTTP/1.1 200 OK\r\n" + cut.headers + "\r\n" + cut.body;
}

std::string length(std::size_t size) { return "Content-Length: " + std::to_string(size) + "\r\n"; }

/// What comes of `whole` when all but `kept` bytes of its content get lost, in each way that lets
/// it pass for a whole one.
std::vector<Cut> cuts(const std::string& whole, std::size_t kept) {
  constexpr std::size_t before_content = 15;
  const std::string part = whole.substr(0, kept);
  const std::string gzip = gzip_bytes(whole).substr(0, before_content + kept);
  const std::string is_gzip = "Content-Encoding: gzip\r\n";
  return {
      {"gzip with its own length", is_gzip + length(gzip.size()), gzip, "unexpected EOF"},
      {"gzip to the end of the connection", is_gzip, gzip, "unexpected EOF"},
      {"gzip of nothing", is_gzip + length(0), "", "unexpected EOF"},
      {"a length beyond 2^63", "Content-Length: 9223372036854775808\r\n", part, "is not a length"},
      {"two lengths", length(whole.size()) + length(kept), part, "follows another one"},
      {"the first of several chunks", "Transfer-Encoding: chunked\r\n", "1\r\n" + part.substr(0, 1),
       "unexpected EOF"},
      {"another transfer encoding", "Transfer-Encoding: identity\r\n", part, "was not asked for"},
      {"a length", length(whole.size()), part, "unexpected EOF"},
  };
}

/// Hands out what the test last said.
class Script {
 public:
  void play(std::string text) {
    const std::scoped_lock lock(mutex_);
    text_ = std::move(text);
  }
  std::string current() {
    const std::scoped_lock lock(mutex_);
    return text_;
  }

 private:
  std::mutex mutex_;
  std::string text_;  // guarded by mutex_
};

/// Answers each request with the script's text, then closes the connection without a word.
RawHttpServer::Serve playing(Script& script) {
  return [&](RawConnection& connection) {
    if (connection.read_request()) connection.send(script.current());
  };
}

/// A daemon that scales to the number that a metric service answers, as often as it changes.
struct MetricSetup : Setup {
  explicit MetricSetup(const std::string& metric) {
    config["metric"] = metric;
    config["evaluate"] = shell(R"sh(sed 's/.*"value":"\([0-9]*\)".*/{"targetReplicas":\1}/')sh");
    config["maxReplicas"] = "20";
    config["downscaleStabilization"] = "0";
  }
};

/// Checks that the next cycles fail with `failure` in their message and leave 18 replicas.
void check_refused(MetricSetup& setup, Daemon& daemon, Script& script, const Cut& cut) {
  INFO(cut.name);
  script.play(raw_answer(200, "18"));
  REQUIRE(setup.reaches(18));
  script.play(bytes(cut));

  CHECK(soon([&] {
    const auto last = decisions(daemon).back();
    return last.at("action") == "failed" &&
           last.at("failure").at("message").get<std::string>().find(cut.failure) !=
               std::string::npos;
  }));
  CHECK(setup.replicas() == 18);
  script.play(raw_answer(200, "17"));
  CHECK(setup.reaches(17));
}

/// Stands between the daemon and the API server: asks it, and lets the test write the answers.
class Proxy {
 public:
  /// Returns whether the connection stays open.
  using Answer =
      std::function<bool(RawConnection&, const std::string& path, const HttpResponse& real)>;

  Proxy(const SimulatedApiServer& behind, Answer answer)
      : behind_(behind.url()), answer_(std::move(answer)), server_([this](RawConnection& client) {
          while (const auto request = client.read_request()) {
            const HttpRequest passed_on = parse(*request);
            const std::string path = passed_on.url.substr(behind_.size());
            if (!answer_(client, path, http_.send(passed_on))) return;
          }
        }) {}

  std::string kubeconfig_cluster() const { return "{server: 'http://" + server_.host() + "'}"; }

 private:
  HttpRequest parse(const std::string& text) const {
    const std::size_t path = text.find(' ') + 1;
    const std::size_t body = text.find("\r\n\r\n") + 4;
    HttpRequest request;
    request.method = text.substr(0, path - 1);
    request.url = behind_ + text.substr(path, text.find(' ', path) - path);
    request.budget.deadline = clock_.now() + 10s;
    if (body < text.size()) {
      request.body = text.substr(body);
      const std::string name = "Content-Type: ";
      const std::size_t type = text.find(name) + name.size();
      request.headers = {{"Content-Type", text.substr(type, text.find("\r\n", type) - type)}};
    }
    return request;
  }

  const std::string behind_;
  const Answer answer_;
  SystemClock clock_;
  CurlHttpClient http_{{}, clock_};
  RawHttpServer server_;
};

std::string whole(const HttpResponse& real) {
  return raw_answer(real.status, real.body, "Content-Type: application/json\r\n");
}

}  // namespace

TEST_CASE("cut answers: a metric of 18 that arrives as 1 does not scale", "[end_to_end]") {
  Script script;
  const RawHttpServer service(playing(script));
  MetricSetup setup(Setup::http(service.url()));
  script.play(raw_answer(200, "18"));
  Daemon daemon = setup.start();

  for (const Cut& cut : cuts("18", 1)) check_refused(setup, daemon, script, cut);
}

TEST_CASE("cut answers: a metric over TLS whose connection is cut does not scale", "[end_to_end]") {
  const TestAuthority authority;
  const TemporaryDirectory folder;
  Script script;
  const RawHttpServer service(playing(script), RawTls{authority.issue("IP:127.0.0.1"), ""});
  MetricSetup setup("{type: http, timeout: 60000, http: {method: GET, url: '" + service.url() +
                    "', caCert: " + folder.write("ca.pem", authority.certificate()) +
                    ", successCodes: [200], parameterMode: query}}");
  script.play(raw_answer(200, "18"));
  Daemon daemon = setup.start();

  check_refused(setup, daemon, script, {"no length", "", "1", "unexpected EOF"});
}

TEST_CASE("cut answers: those of the API server and of the metrics APIs do not scale",
          "[end_to_end]") {
  Setup setup;
  setup.config["metric"] = "{type: kubernetes}";
  setup.config["evaluate"] = "{type: hpa}";
  setup.config["kubernetesMetricSpecs"] =
      "[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: "
      "50}}}]";
  setup.config["maxReplicas"] = "20";
  setup.config["downscaleStabilization"] = "0";
  setup.config["cpuInitializationPeriod"] = "0";
  setup.config["kubernetesTimeout"] = "500";
  setup.cluster.set_load(setup.shop, [](Duration) { return 27.0; });
  std::mutex mutex;
  std::string cut_path;  // guarded by mutex
  std::size_t form = 0;  // guarded by mutex
  Proxy proxy(setup.server,
              [&](RawConnection& client, const std::string& path, const HttpResponse& real) {
                const std::scoped_lock lock(mutex);
                if (cut_path.empty() || path.find(cut_path) == std::string::npos) {
                  return client.send(whole(real));
                }
                client.send(bytes(cuts(real.body, real.body.size() / 2).at(form)));
                return false;
              });
  setup.kubeconfig_cluster = proxy.kubeconfig_cluster();
  Daemon daemon = setup.start();
  REQUIRE(setup.reaches(6));

  for (const std::string path : {"/apis/metrics.k8s.io/", "/scale"}) {
    const std::vector<Cut> forms = cuts("{}", 1);
    for (std::size_t i = 0; i < forms.size(); ++i) {
      INFO(path << ": " << forms[i].name);
      {
        const std::scoped_lock lock(mutex);
        cut_path = path;
        form = i;
      }
      CHECK(soon([&] {
        const auto last = decisions(daemon).back();
        return last.at("action") == "failed" &&
               last.at("failure").at("message").get<std::string>().find(forms[i].failure) !=
                   std::string::npos;
      }));
      CHECK(setup.replicas() == 6);
      {
        const std::scoped_lock lock(mutex);
        cut_path.clear();
      }
      CHECK(soon([&] { return decisions(daemon).back().at("action") != "failed"; }));
    }
  }
}

TEST_CASE("cut answers: what a proxy sends without being asked fails no cycle", "[end_to_end]") {
  const std::string unasked =
      GENERATE(as<std::string>{}, raw_answer(200, R"({"kind":"Nobody asked"})"),
               "HTTP/1.0 408 Request Time-out\r\nConnection: close\r\n\r\n");
  Setup setup;
  Proxy proxy(
      setup.server, [&](RawConnection& client, const std::string& path, const HttpResponse& real) {
        client.send(whole(real));
        if (path.find("/scale") == std::string::npos) return true;
        std::this_thread::sleep_for(5ms);  // the last request of a cycle that changes nothing
        return client.send(unasked);
      });
  setup.kubeconfig_cluster = proxy.kubeconfig_cluster();
  setup.config["interval"] = "200";
  setup.cluster.scale_by_hand(setup.shop, 3);
  Daemon daemon = setup.start();

  REQUIRE(has_decided(daemon, 10));
  for (const auto& record : decisions(daemon)) CHECK(record.at("action") == "unchanged");
}
