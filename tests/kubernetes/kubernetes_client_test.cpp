#include "cpab/kubernetes/kubernetes_client.h"

#include <catch2/catch.hpp>

#include "tests/kubernetes/api_server_script.h"
#include "tests/kubernetes/temporary_directory.h"

namespace cpab {
namespace {

const ScaleTarget web{"apps/v1", "Deployment", "web", "prod"};

TEST_CASE("http_options: trust and name come from the credentials", "[kubernetes]") {
  Credentials credentials;
  credentials.tls.ca_file = "/ca.crt";

  const HttpClientOptions options = http_options(credentials, "cpab/1.2.3");

  CHECK(options.tls == credentials.tls);
  CHECK(options.user_agent == "cpab/1.2.3");
  CHECK_FALSE(options.follow_redirects);
  CHECK_FALSE(options.use_proxy_environment);
}

TEST_CASE("KubernetesClient: puts the parts together", "[kubernetes]") {
  const TemporaryDirectory directory;
  ManualClock clock;
  ScriptedHttpClient http;
  http.on(apps_line, 200, apps_resources)
      .on("GET /apis/apps/v1/namespaces/prod/deployments/web", 200,
          R"({"metadata":{"name":"web"}})");
  Credentials credentials;
  credentials.server = "https://host:6443";
  credentials.token = "not-this-one";
  credentials.token_file = directory.write("token", "this-one");
  KubernetesClient client(credentials, http, clock, std::chrono::seconds(7), {});

  CHECK(http.requests().empty());
  CHECK(client.cluster().target(web, {}).name == "web");

  const HttpRequest request = http.requests().at(0);
  CHECK(request.url == "https://host:6443/apis/apps/v1?timeout=32s");
  CHECK(header(request.headers, "Authorization") == "Bearer this-one");
  CHECK(request.budget.deadline == clock.now() + std::chrono::seconds(7));
  RunPods pods(client.cluster(), "prod", "app=web", RunPods::Keep::facts);
  CHECK(client.metrics().gather({{}, {}, pods, clock.wall_now()}, {}).metrics.empty());
}

TEST_CASE("KubernetesClient: a token as text, or none", "[kubernetes]") {
  ManualClock clock;
  ScriptedHttpClient http;
  Credentials credentials;
  credentials.server = "https://host:6443";
  credentials.token = "abc";

  KubernetesClient with(credentials, http, clock, std::chrono::seconds(7), {});
  CHECK_THROWS_AS(with.cluster().target(web, {}), KubernetesError);
  CHECK(header(http.requests().back().headers, "Authorization") == "Bearer abc");

  credentials.token = "";
  KubernetesClient without(credentials, http, clock, std::chrono::seconds(7), {});
  CHECK_THROWS_AS(without.cluster().target(web, {}), KubernetesError);
  CHECK(header(http.requests().back().headers, "Authorization").empty());
}

}  // namespace
}  // namespace cpab
