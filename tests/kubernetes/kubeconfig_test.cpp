#include "cpab/kubernetes/kubeconfig.h"

#include <catch2/catch.hpp>

#include "tests/kubernetes/temporary_directory.h"

namespace cpab {
namespace {

/// A kubeconfig of one context with these keys (YAML flow style) in its cluster and its user.
std::string kubeconfig(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\npreferences: {}\ncurrent-context: main\n"
         "contexts:\n- name: main\n  context: {cluster: c, user: u, namespace: prod}\n"
         "clusters:\n- name: c\n  cluster: {" +
         cluster +
         "}\n"
         "users:\n- name: u\n  user: {" +
         user + "}\n";
}

const std::string server = "server: 'https://host:6443/'";

Credentials base() {
  Credentials credentials;
  credentials.server = "https://host:6443";
  credentials.namespace_name = "prod";
  return credentials;
}

TEST_CASE("kubeconfig_files: the list of KUBECONFIG, or the one at home", "[kubernetes]") {
  using Files = std::vector<std::string>;
  CHECK(kubeconfig_files({{"KUBECONFIG", "/a::b:"}, {"HOME", "/h"}}) == Files{"/a", "b"});
  CHECK(kubeconfig_files({{"KUBECONFIG", ""}, {"HOME", "/h"}}) == Files{"/h/.kube/config"});
  CHECK(kubeconfig_files({{"HOME", "/h"}}) == Files{"/h/.kube/config"});
  CHECK(kubeconfig_files({}).empty());
}

TEST_CASE("kubeconfig_credentials: tokens, certificates and trust, by file and by data",
          "[kubernetes]") {
  const TemporaryDirectory files;
  files.write("sub/my-token", "abc");
  const std::string dir = files.file("sub") + "/";
  const auto read = [&](const std::string& cluster, const std::string& user) {
    return kubeconfig_credentials({files.write("sub/config", kubeconfig(cluster, user))}, "");
  };

  SECTION("a token as text") {
    Credentials expected = base();
    expected.token = "secret";
    CHECK(read(server, "token: secret") == expected);
  }
  SECTION("a token file and a CA file, relative to the kubeconfig") {
    Credentials expected = base();
    expected.token_file = dir + "my-token";
    expected.tls.ca_file = dir + "pki/ca.pem";
    CHECK(read(server + ", certificate-authority: pki/ca.pem", "tokenFile: my-token") == expected);
  }
  SECTION("absolute paths") {
    Credentials expected = base();
    expected.tls.ca_file = "/etc/ca.pem";
    expected.tls.client_cert_file = "/etc/me.crt";
    expected.tls.client_key_file = "/etc/me.key";
    CHECK(read(server + ", certificate-authority: /etc/ca.pem",
               "client-certificate: /etc/me.crt, client-key: /etc/me.key") == expected);
  }
  SECTION("data, which wins over files") {
    Credentials expected = base();
    expected.tls.ca_data = "the CA";
    expected.tls.client_cert_data = "the certificate";
    expected.tls.client_key_data = "the key";
    CHECK(read(server + ", certificate-authority: x, certificate-authority-data: dGhlIENB",
               "client-certificate-data: dGhlIGNlcnRpZmljYXRl, client-key-data: dGhlIGtleQ==") ==
          expected);
  }
  SECTION("no verification, with a warning") {
    Credentials expected = base();
    expected.tls.insecure_skip_verify = true;
    expected.warnings = {
        "insecure-skip-tls-verify: the API server's certificate is not checked, "
        "anybody on the way can read the token"};
    CHECK(read(server + ", insecure-skip-tls-verify: true", "") == expected);
  }
  SECTION("another server name, and keys that do not matter") {
    Credentials expected = base();
    expected.tls.server_name = "kubernetes";
    CHECK(read(server + ", tls-server-name: kubernetes, disable-compression: true, extensions: []",
               "extensions: [], exec: null") == expected);
  }
}

TEST_CASE("kubeconfig_credentials: of several files the first that has a name wins",
          "[kubernetes]") {
  const TemporaryDirectory files;
  const std::string first = files.write("a/first",
                                        "contexts: [{name: main, context: {cluster: c, user: u}}]\n"
                                        "users: [{name: u, user: {tokenFile: token}}]\n");
  const std::string second = files.write("second", kubeconfig(server, "token: other"));
  files.write("a/token", "abc");

  const Credentials credentials = kubeconfig_credentials({files.file("none"), first, second}, "");

  Credentials expected;
  expected.server = "https://host:6443";
  expected.token_file = files.file("a/token");
  CHECK(credentials == expected);
}

TEST_CASE("kubeconfig_credentials: another context than the current one", "[kubernetes]") {
  const TemporaryDirectory files;
  const std::string file = files.write(
      "config",
      "current-context: one\n"
      "contexts: [{name: one, context: {cluster: a}}, {name: two, context: {cluster: b}}]\n"
      "clusters: [{name: a, cluster: {server: 'https://a'}}, "
      "{name: b, cluster: {server: 'http://b/prefix'}}]\n");

  CHECK(kubeconfig_credentials({file}, "").server == "https://a");
  CHECK(kubeconfig_credentials({file}, "two").server == "http://b/prefix");
  CHECK_THROWS_WITH(kubeconfig_credentials({file}, "three"),
                    "kubeconfig: no context 'three'; there is: one, two");
}

TEST_CASE("kubeconfig_credentials: refuses what it does not support, naming the place",
          "[kubernetes]") {
  const TemporaryDirectory files;
  struct Case {
    std::string cluster;
    std::string user;
    std::string message;
  };
  const std::string keys_of_users =
      "supported: token, tokenFile, client-certificate, client-certificate-data, client-key, "
      "client-key-data";
  const std::string keys_of_clusters =
      "supported: server, certificate-authority, certificate-authority-data, "
      "insecure-skip-tls-verify, tls-server-name, disable-compression";
  const auto unsupported = [&](const std::string& key) {
    return "user 'u': '" + key + "' is not supported by cpab; " + keys_of_users;
  };
  const std::vector<Case> cases = {
      {server, "exec: {command: aws}", unsupported("exec")},
      {server, "auth-provider: {name: gcp}", unsupported("auth-provider")},
      {server, "username: me, password: hidden", unsupported("username")},
      {server, "as: somebody", unsupported("as")},
      {server, "as-groups: [a]", unsupported("as-groups")},
      {server + ", proxy-url: 'http://p'", "",
       "cluster 'c': 'proxy-url' is not supported by cpab; " + keys_of_clusters},
      {server + ", insecure-skip-tls-verify: true, certificate-authority: x", "",
       "cluster 'c': 'insecure-skip-tls-verify' and a certificate authority contradict each other"},
      {server + ", insecure-skip-tls-verify: maybe", "",
       "cluster 'c': 'insecure-skip-tls-verify' must be true or false"},
      {server + ", certificate-authority-data: '%'", "",
       "cluster 'c': 'certificate-authority-data' is not base64"},
      {"server: host", "", "cluster 'c': 'server' must be a URL such as https://host:6443"},
      {"", "", "cluster 'c': 'server' must be a URL such as https://host:6443"},
      {server, "client-certificate: x",
       "user 'u': a client certificate needs its key, and the key it"},
      {server, "token: [hidden]", "user 'u': 'token' must be a text"},
      {server, "token: \"hid\\nden\"", "user 'u': the token holds characters no token has"},
      {server, "tokenFile: /nonexistent/token",
       "user 'u': open /nonexistent/token: no such file or directory"},
  };
  for (const Case& entry : cases) {
    const std::string file = files.write("config", kubeconfig(entry.cluster, entry.user));
    CAPTURE(entry.cluster, entry.user);
    CHECK_THROWS_WITH(kubeconfig_credentials({file}, ""),
                      "kubeconfig " + file + ": " + entry.message);
  }
}

TEST_CASE("kubeconfig_credentials: says what is wrong with a file", "[kubernetes]") {
  const TemporaryDirectory files;
  const auto check = [&](const std::string& content, const std::string& message) {
    const std::string file = files.write("config", content);
    CAPTURE(content);
    CHECK_THROWS_WITH(kubeconfig_credentials({file}, ""), Catch::Contains(message));
  };
  check("", "kubeconfig: no current-context; choose one with --context, there is: none");
  check("- a", "must be a mapping");
  check("a: b: c", "not YAML, at line 1");
  check(std::string(100'001, '{'), ": more than 100000 lines, commas and brackets");
  check("contexts: [{context: {}}]", "'contexts' must be a list of named contexts");
  check("contexts: {a: b}", "'contexts' must be a list of named contexts");
  check("users: [x]", "'users' must be a list of named users");
  check("clusters: [{name: c, cluster: [1]}]", "cluster 'c': must be a mapping");
  check("current-context: main", "no context 'main'; there is: none");
  check("current-context: m\ncontexts: [{name: m, context: {cluster: c}}]",
        "no cluster 'c'; there is: none");
  CHECK_THROWS_WITH(kubeconfig_credentials({}, ""), "kubeconfig: no file: set KUBECONFIG or HOME");
}

}  // namespace
}  // namespace cpab
