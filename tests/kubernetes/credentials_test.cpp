#include "cpab/kubernetes/credentials.h"

#include <catch2/catch.hpp>

#include "tests/kubernetes/temporary_directory.h"

namespace cpab {
namespace {

constexpr const char* ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

const std::string not_in_cluster =
    "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and "
    "KUBERNETES_SERVICE_PORT must be defined";

Environment in_pod(const std::string& host = "10.0.0.1") {
  return {{"KUBERNETES_SERVICE_HOST", host}, {"KUBERNETES_SERVICE_PORT", "443"}};
}

TEST_CASE("in_cluster_credentials: the service account of the pod", "[kubernetes]") {
  const TemporaryDirectory account;
  account.write("token", "abc\n");
  account.write("ca.crt", ca);

  Credentials expected;
  expected.server = "https://10.0.0.1:443";
  expected.tls.ca_file = account.file("ca.crt");
  expected.token_file = account.file("token");
  CHECK(in_cluster_credentials(in_pod(), account.path()) == expected);
}

TEST_CASE("in_cluster_credentials: an IPv6 address is put in brackets", "[kubernetes]") {
  const TemporaryDirectory account;
  account.write("token", "abc");

  CHECK(in_cluster_credentials(in_pod("fd00::1"), account.path()).server ==
        "https://[fd00::1]:443");
  CHECK(in_cluster_credentials(in_pod("[fd00::1]"), account.path()).server ==
        "https://[fd00::1]:443");
}

TEST_CASE("in_cluster_credentials: without a usable CA the system's roots are used",
          "[kubernetes]") {
  const TemporaryDirectory account;
  account.write("token", "abc");

  const Credentials none = in_cluster_credentials(in_pod(), account.path());
  account.write("ca.crt", "garbage");
  const Credentials garbage = in_cluster_credentials(in_pod(), account.path());

  CHECK(none.tls == TlsConfig{});
  CHECK(none.warnings ==
        std::vector<std::string>{"the cluster's CA cannot be used (open " + account.file("ca.crt") +
                                 ": no such file or directory); trusting the system's certificates "
                                 "instead"});
  CHECK(garbage.tls == TlsConfig{});
  CHECK(garbage.warnings ==
        std::vector<std::string>{"the cluster's CA cannot be used (" + account.file("ca.crt") +
                                 " holds no certificate); trusting the system's certificates "
                                 "instead"});
}

TEST_CASE("in_cluster_credentials: says what is missing", "[kubernetes]") {
  const TemporaryDirectory account;

  CHECK_THROWS_WITH(in_cluster_credentials({}, account.path()), not_in_cluster);
  CHECK_THROWS_WITH(
      in_cluster_credentials({{"KUBERNETES_SERVICE_HOST", "h"}, {"KUBERNETES_SERVICE_PORT", ""}},
                             account.path()),
      not_in_cluster);
  CHECK_THROWS_WITH(in_cluster_credentials(in_pod(), account.path()),
                    "open " + account.file("token") + ": no such file or directory");
}

TEST_CASE("find_credentials: flags, then the pod, then the user's files", "[kubernetes]") {
  const TemporaryDirectory files;
  files.write("token", "abc");
  const std::string config = files.write(
      "home/.kube/config",
      "current-context: one\n"
      "contexts: [{name: one, context: {cluster: c}}, {name: two, context: {cluster: d}}]\n"
      "clusters: [{name: c, cluster: {server: 'https://c'}}, {name: d, cluster: {server: "
      "'https://d'}}]\n");
  const std::string other = files.write("other",
                                        "current-context: x\n"
                                        "contexts: [{name: x, context: {cluster: x}}]\n"
                                        "clusters: [{name: x, cluster: {server: "
                                        "'https://x'}}]\n");
  const Environment home{{"HOME", files.file("home")}};
  Environment pod = in_pod();
  pod["HOME"] = files.file("home");

  const auto server = [&](const CredentialsRequest& request, const Environment& environment) {
    return find_credentials(request, environment, files.path()).server;
  };
  CHECK(server({}, pod) == "https://10.0.0.1:443");
  CHECK(server({other, ""}, pod) == "https://x");
  CHECK(server({"", "two"}, pod) == "https://d");
  CHECK(server({}, home) == "https://c");
  CHECK(server({}, {{"KUBECONFIG", other + ":" + config}}) == "https://x");
}

TEST_CASE("find_credentials: without any, the reference's words and what to do", "[kubernetes]") {
  const TemporaryDirectory empty;

  CHECK_THROWS_WITH(find_credentials({}, {{"HOME", empty.path()}}, empty.path()),
                    not_in_cluster +
                        "; outside a cluster, name a kubeconfig file with "
                        "--kubeconfig or KUBECONFIG, or create ~/.kube/config");
  CHECK_THROWS_WITH(find_credentials({empty.file("none"), ""}, {}, empty.path()),
                    "kubeconfig: open " + empty.file("none") + ": no such file or directory");
  CHECK_THROWS_WITH(find_credentials({}, {{"KUBECONFIG", empty.file("none")}}, empty.path()),
                    "kubeconfig: open " + empty.file("none") + ": no such file or directory");
}

}  // namespace
}  // namespace cpab
