#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "cpab/io/system_clock.h"
#include "cpab/simulation/simulated_api_server.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_certificates.h"

using namespace cpab;
using namespace std::chrono_literals;

// The real kubectl against the simulated API server. Skipped, with a warning, where there is none.
// kubectl sends no token over plain HTTP.

namespace {

struct Output {
  int exit_code = 0;
  std::string text;  ///< of both streams
};

Output run(const std::string& command) {
  Output output;
  FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> piece{};
  while (const auto count = std::fread(piece.data(), 1, piece.size(), pipe)) {
    output.text.append(piece.data(), count);
  }
  const int status = ::pclose(pipe);
  output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

bool kubectl_missing() {
  static const bool missing = run("kubectl version --client").exit_code != 0;
  if (missing) WARN("kubectl is not installed: this test was skipped");
  return missing;
}

SimulationOptions quick_pods() {
  SimulationOptions options;
  options.pod_start_time = options.pod_ready_time = options.pod_stop_time = 50ms;
  return options;
}

/// kubectl in namespace `demo`, where each kind has a workload of two pods.
class Kubectl {
 public:
  Kubectl() : server_(cluster) {
    add("Deployment", "web");
    add("StatefulSet", "db");
    add("ReplicaSet", "set");
    add("ReplicationController", "rc");
    add("Index", "books");
    wait_until_ready();
  }

  Output operator()(const std::string& arguments) {
    return run("HOME=" + home_.file("") + " timeout 60 kubectl --server " + server_.url() +
               " --namespace demo " + arguments);
  }

  /// The columns of `kubectl get`, spaces made one, without ages.
  std::string table(const std::string& arguments) {
    return run("HOME=" + home_.file("") + " timeout 60 kubectl --server " + server_.url() +
               " --namespace demo get " + arguments +
               " | sed -E 's/ +/ /g; s/ ?[0-9]+s ?$//; s/ AGE ?$//'")
        .text;
  }

  SystemClock clock;
  SimulatedCluster cluster{clock, quick_pods()};
  const ScaleTarget web{"apps/v1", "Deployment", "web", "demo"};

  void wait_until_ready() {
    for (int i = 0; i < 200 && cluster.view(web).ready < cluster.view(web).wanted; ++i) {
      std::this_thread::sleep_for(10ms);
    }
    std::this_thread::sleep_for(10ms);
  }

 private:
  void add(const std::string& kind, const std::string& name) {
    cluster.add_workload({.kind = kind, .namespace_name = "demo", .name = name, .replicas = 2});
  }

  TemporaryDirectory home_;
  SimulatedApiServer server_;
};

}  // namespace

TEST_CASE("kubectl: get prints the usual tables", "[simulation]") {
  if (kubectl_missing()) return;
  Kubectl kubectl;

  CHECK(kubectl.table("deployments") == "NAME READY UP-TO-DATE AVAILABLE\nweb 2/2 2 2\n");
  CHECK(kubectl.table("sts") == "NAME READY\ndb 2/2\n");
  CHECK(kubectl.table("rc") == "NAME DESIRED CURRENT READY\nrc 2 2 2\n");
  CHECK(kubectl.table("indices") == "NAME DESIRED CURRENT READY\nbooks 2 2 2\n");
  CHECK(kubectl.table("pods -l app=db") ==
        "NAME READY STATUS RESTARTS\ndb-0 1/1 Running 0\ndb-1 1/1 Running 0\n");
  CHECK(kubectl.table("deployments,sts") ==
        "NAME READY UP-TO-DATE AVAILABLE\ndeployment.apps/web 2/2 2 2\n\nNAME READY\n"
        "statefulset.apps/db 2/2\n");
  const auto all = kubectl("get all -o name").text;
  for (const char* name : {"pod/db-0", "deployment.apps/web", "replicaset.apps/set",
                           "replicationcontroller/rc", "index.demo.cpab.dev/books"}) {
    CHECK_THAT(all, Catch::Contains(name));
  }
}

TEST_CASE("kubectl: objects can be printed and described", "[simulation]") {
  if (kubectl_missing()) return;
  Kubectl kubectl;

  CHECK_THAT(kubectl("get deploy web -o yaml").text,
             Catch::StartsWith("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n"));
  CHECK(kubectl("get deploy web -o jsonpath={.spec.replicas}").text == "2");
  CHECK_THAT(kubectl("describe deploy web").text,
             Catch::Contains("2 desired | 2 updated | 2 total | 2 available | 0 unavailable"));
  CHECK_THAT(kubectl("describe pod db-0").text, Catch::Contains("Controlled By:  StatefulSet/db"));
  CHECK(kubectl("get deploy nope").text ==
        "Error from server (NotFound): deployments.apps \"nope\" not found\n");
}

TEST_CASE("kubectl: scale", "[simulation]") {
  if (kubectl_missing()) return;
  Kubectl kubectl;

  CHECK(kubectl("scale deploy/web --replicas=3").text == "deployment.apps/web scaled\n");
  CHECK(kubectl.cluster.view(kubectl.web).wanted == 3);
  CHECK(kubectl("scale deployment web --current-replicas=3 --replicas=4").text ==
        "deployment.apps/web scaled\n");
  CHECK(kubectl.cluster.view(kubectl.web).wanted == 4);
  CHECK(kubectl("scale deployment web --current-replicas=3 --replicas=5").text ==
        "error: Expected replicas to be 3, was 4\n");
  CHECK(kubectl("scale index/books --replicas=0").text == "index.demo.cpab.dev/books scaled\n");
  CHECK(kubectl("scale index/books --replicas=1").exit_code == 0);
  CHECK(kubectl("scale sts/db rc/rc --replicas=1").exit_code == 0);
}

TEST_CASE("kubectl: patch, label, annotate, rollout", "[simulation]") {
  if (kubectl_missing()) return;
  Kubectl kubectl;

  CHECK(kubectl(R"(patch deploy web -p '{"spec":{"replicas":1}}')").text ==
        "deployment.apps/web patched\n");
  CHECK(
      kubectl(
          R"(patch deploy web --type=json -p '[{"op":"add","path":"/metadata/labels/a","value":"b"}]')")
          .exit_code == 0);
  CHECK(kubectl(R"(patch index books --type=merge -p '{"spec":{"replicas":5}}')").exit_code == 0);
  CHECK(kubectl("label deploy web tier=front").text == "deployment.apps/web labeled\n");
  CHECK(kubectl("annotate deploy web note=hello").text == "deployment.apps/web annotated\n");
  CHECK(kubectl("get deploy web -o jsonpath='{.metadata.labels}'").text ==
        R"({"a":"b","app":"web","tier":"front"})");
  CHECK(kubectl("rollout restart deploy/web").exit_code == 0);
  CHECK_THAT(kubectl("rollout status deploy/web").text, Catch::Contains("successfully rolled out"));
}

TEST_CASE("kubectl: delete waits for the end, and deleted pods are replaced", "[simulation]") {
  if (kubectl_missing()) return;
  Kubectl kubectl;
  const auto pod = kubectl("get pods -l app=web -o name").text.substr(0, 30);
  const auto name = pod.substr(0, pod.find('\n'));

  CHECK(kubectl("delete " + name).exit_code == 0);
  kubectl.wait_until_ready();
  CHECK(kubectl.cluster.view(kubectl.web) == WorkloadView{2, 2, 2});
  CHECK(kubectl("get " + name).exit_code == 1);

  CHECK(kubectl("delete deployment web").text == "deployment.apps \"web\" deleted\n");
  CHECK(kubectl("get deployment web").exit_code == 1);
  std::this_thread::sleep_for(100ms);
  CHECK(kubectl("get pods -l app=web").text == "No resources found in demo namespace.\n");
}

TEST_CASE("kubectl: create and apply from a file", "[simulation]") {
  if (kubectl_missing()) return;
  Kubectl kubectl;
  const TemporaryDirectory directory;
  const auto manifest = [&](int replicas) {
    return directory.write("web.yaml", R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: )" + std::to_string(replicas) + R"(
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: main, image: shop}]}
)");
  };

  CHECK(kubectl("apply --validate=false -f " + manifest(1)).text ==
        "deployment.apps/shop created\n");
  CHECK(kubectl("apply --validate=false -f " + manifest(3)).text ==
        "deployment.apps/shop configured\n");
  CHECK(kubectl.cluster.view({"apps/v1", "Deployment", "shop", "demo"}).wanted == 3);
}

TEST_CASE("kubectl: watch, api-resources, top, version", "[simulation]") {
  if (kubectl_missing()) return;
  Kubectl kubectl;
  kubectl.cluster.set_load(kubectl.web, [](Duration) { return 20; });

  CHECK_THAT(kubectl("get deploy web --watch --request-timeout=1s").text,
             Catch::Contains("web    2/2     2            2"));
  CHECK_THAT(kubectl("api-resources").text, Catch::Contains("indices") && Catch::Contains("idx"));
  CHECK_THAT(kubectl("top pods -l app=web").text, Catch::Contains("100m         64Mi"));
  CHECK_THAT(kubectl("version").text, Catch::Contains("Server Version: v1.32.0-simulated"));
}

TEST_CASE("kubectl: TLS and a token", "[simulation]") {
  if (kubectl_missing()) return;
  const TestAuthority authority;
  const auto identity = authority.issue("IP:127.0.0.1");
  const TemporaryDirectory directory;
  SystemClock clock;
  SimulatedCluster cluster(clock);
  const SimulatedApiServer server(cluster,
                                  {.tls = ServerTls{directory.write("crt", identity.certificate),
                                                    directory.write("key", identity.key)},
                                   .token = "secret"});
  const auto namespaces = [&](const std::string& token) {
    return run("HOME=" + directory.file("") + " timeout 60 kubectl --server " + server.url() +
               " --certificate-authority " + directory.write("ca", authority.certificate()) +
               " --token " + token + " get namespaces -o name");
  };

  CHECK(namespaces("secret").text == "namespace/default\n");
  CHECK_THAT(namespaces("wrong").text, Catch::Contains("You must be logged in to the server"));
}
