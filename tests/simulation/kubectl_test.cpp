#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <thread>

#include "cpab/io/system_clock.h"
#include "cpab/simulation/simulated_api_server.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_certificates.h"

using namespace cpab;
using namespace std::chrono_literals;

// The real kubectl against the simulated API server: the one in the PATH, and the old one of
// Debian, which scripts/test puts into build/tools. Skipped, with a warning, where there is none.
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

/// The program for `which`, `current` or `debian`.
std::string program(const std::string& which) {
  if (which == "current") return "kubectl";
  const char* const named = std::getenv("CPAB_DEBIAN_KUBECTL");
  return named != nullptr ? named : CPAB_SOURCE_DIR "/build/tools/kubectl-debian/usr/bin/kubectl";
}

bool is_missing(const std::string& which) {
  static std::map<std::string, bool> known;
  const auto found = known.find(which);
  if (found != known.end()) return found->second;
  return known[which] = run(program(which) + " version --client").exit_code != 0;
}

SimulationOptions quick_pods() {
  SimulationOptions options;
  options.pod_start_time = options.pod_ready_time = options.pod_stop_time = 50ms;
  return options;
}

/// kubectl in namespace `demo`, where each kind has a workload of two pods.
class Kubectl {
 public:
  explicit Kubectl(const std::string& which) : program_(program(which)), server_(cluster) {
    add("Deployment", "web");
    add("StatefulSet", "db");
    add("ReplicaSet", "set");
    add("ReplicationController", "rc");
    add("Index", "books");
    wait_until_ready();
  }

  Output operator()(const std::string& arguments) { return run(command() + arguments); }

  /// The columns of `kubectl get`, spaces made one, without ages.
  std::string table(const std::string& arguments) {
    return run(command() + "get " + arguments +
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
  std::string command() const {
    return "HOME=" + home_.file("") + " timeout 60 " + program_ + " --server " + server_.url() +
           " --namespace demo ";
  }

  void add(const std::string& kind, const std::string& name) {
    cluster.add_workload({.kind = kind, .namespace_name = "demo", .name = name, .replicas = 2});
  }

  const std::string program_;
  TemporaryDirectory home_;
  SimulatedApiServer server_;
};

}  // namespace

/// Runs the rest of the test with each kubectl there is.
#define EVERY_KUBECTL()                                                  \
  const std::string which = GENERATE("current", "debian");               \
  CAPTURE(which);                                                        \
  if (is_missing(which)) {                                               \
    WARN("there is no " << program(which) << ": this test was skipped"); \
    return;                                                              \
  }

#define WITH_EVERY_KUBECTL() \
  EVERY_KUBECTL()            \
  Kubectl kubectl(which)

TEST_CASE("kubectl: get prints the usual tables", "[simulation]") {
  WITH_EVERY_KUBECTL();

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
  WITH_EVERY_KUBECTL();

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
  WITH_EVERY_KUBECTL();

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
  WITH_EVERY_KUBECTL();

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
  WITH_EVERY_KUBECTL();
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

TEST_CASE("kubectl: output in every form", "[simulation]") {
  WITH_EVERY_KUBECTL();

  CHECK(kubectl("get sts db -o name").text == "statefulset.apps/db\n");
  CHECK_THAT(kubectl("get sts db -o json").text, Catch::Contains("\"serviceName\": \"db\""));
  CHECK(kubectl.table("sts -o wide").starts_with("NAME READY"));
  CHECK_THAT(kubectl("get pods -o wide").text, Catch::Contains("NODE"));
  CHECK(kubectl("get pods -l app=db -o jsonpath='{.items[*].metadata.name}'").text == "db-0 db-1");
  CHECK(kubectl("get pods --field-selector metadata.name=db-1 -o name").text == "pod/db-1\n");
  CHECK_THAT(kubectl("get pods --field-selector spec.wrong=1").text,
             Catch::Contains("field label not supported: spec.wrong"));
}

TEST_CASE("kubectl: create and apply from a file", "[simulation]") {
  WITH_EVERY_KUBECTL();
  const TemporaryDirectory directory;
  const auto manifest = [&](const std::string& spec) {
    return directory.write("web.yaml", R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  )" + spec + R"(
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: main, image: shop}]}
)");
  };
  const auto wanted = [&] {
    return kubectl.cluster.view({"apps/v1", "Deployment", "shop", "demo"}).wanted;
  };

  CHECK(kubectl("create -f " + manifest("replicas: 1")).text == "deployment.apps/shop created\n");
  CHECK(kubectl("delete -f " + manifest("replicas: 1")).exit_code == 0);
  CHECK(kubectl("apply -f " + manifest("replicas: 1")).text == "deployment.apps/shop created\n");
  CHECK(kubectl("apply -f " + manifest("replicas: 3")).text == "deployment.apps/shop configured\n");
  CHECK(wanted() == 3);
  CHECK(kubectl("apply -f " + manifest("replicas: 3")).text == "deployment.apps/shop unchanged\n");
  CHECK(kubectl("apply --dry-run=server -f " + manifest("replicas: 9")).text ==
        "deployment.apps/shop configured (server dry run)\n");
  CHECK(wanted() == 3);
  const auto misspelt = kubectl("apply -f " + manifest("replica: 1"));
  if (which == "current") {
    CHECK_THAT(misspelt.text, Catch::Contains("strict decoding error: unknown field "
                                              "\"spec.replica\""));
  }
}

TEST_CASE("kubectl: server-side apply knows who owns what", "[simulation]") {
  WITH_EVERY_KUBECTL();
  const TemporaryDirectory directory;
  const auto file = directory.write("shop.yaml", R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: main, image: shop}]}
)");
  const std::string apply = "apply --server-side -f " + file;

  CHECK(kubectl(apply).text == "deployment.apps/shop serverside-applied\n");
  CHECK(kubectl(apply).text == "deployment.apps/shop serverside-applied\n");
  CHECK(kubectl("scale deploy/shop --replicas=4").exit_code == 0);
  CHECK_THAT(kubectl(apply).text, Catch::Contains("Apply failed with 1 conflict: conflict with "
                                                  "\"kubectl\" with subresource \"scale\" using "
                                                  "apps/v1: .spec.replicas"));
  CHECK(kubectl(apply + " --force-conflicts").exit_code == 0);
  CHECK(kubectl.cluster.view({"apps/v1", "Deployment", "shop", "demo"}).wanted == 2);
}

TEST_CASE("kubectl: custom resources come and go with their definition", "[simulation]") {
  WITH_EVERY_KUBECTL();
  const TemporaryDirectory directory;
  const auto definition = directory.write("definition.yaml", R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shops.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Shop, plural: shops, shortNames: [sh]}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
    subresources:
      status: {}
      scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
)");
  const auto shop = directory.write("shop.yaml", R"(
apiVersion: example.com/v1
kind: Shop
metadata: {name: corner}
spec: {size: 2}
)");

  CHECK(kubectl("apply -f " + definition).exit_code == 0);
  CHECK(kubectl("wait --for=condition=Established crd/shops.example.com").exit_code == 0);
  CHECK(kubectl("apply -f " + shop).text == "shop.example.com/corner created\n");
  CHECK(kubectl("scale shop/corner --replicas=3").text == "shop.example.com/corner scaled\n");
  CHECK(kubectl(R"(patch sh corner --type=merge -p '{"spec":{"color":"red"}}')").exit_code == 0);
  CHECK(kubectl.table("sh") == "NAME SIZE\ncorner 3\n");
  CHECK_THAT(kubectl("describe shop corner").text, Catch::Contains("Color:  red"));
  CHECK(kubectl("delete crd shops.example.com").exit_code == 0);
  CHECK(kubectl("get shops").exit_code == 1);
}

TEST_CASE("kubectl: watch, api-resources, top, version", "[simulation]") {
  WITH_EVERY_KUBECTL();
  kubectl.cluster.set_load(kubectl.web, [](Duration) { return 20; });

  CHECK_THAT(kubectl("get deploy web --watch --request-timeout=1s").text,
             Catch::Contains("web    2/2     2            2"));
  CHECK_THAT(kubectl("api-resources").text, Catch::Contains("indices") && Catch::Contains("idx"));
  CHECK_THAT(kubectl("top pods -l app=web").text, Catch::Contains("100m         64Mi"));
  CHECK_THAT(kubectl("top pods --containers -l app=web").text, Catch::Contains("main   100m"));
  CHECK_THAT(kubectl("get --raw /apis/external.metrics.k8s.io/v1beta1/namespaces/demo/load").text,
             Catch::Contains("\"value\":\"20000m\""));
  CHECK_THAT(kubectl("version").text, Catch::Contains("v1.32.0-simulated"));
}

TEST_CASE("kubectl: TLS and a token", "[simulation]") {
  EVERY_KUBECTL();
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
    return run("HOME=" + directory.file("") + " timeout 60 " + program(which) + " --server " +
               server.url() + " --certificate-authority " +
               directory.write("ca", authority.certificate()) + " --token " + token +
               " get namespaces -o name");
  };

  CHECK(namespaces("secret").text == "namespace/default\n");
  CHECK_THAT(namespaces("wrong").text, Catch::Contains("You must be logged in to the server"));
}
