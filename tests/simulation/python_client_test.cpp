#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>

#include "cpab/io/system_clock.h"
#include "cpab/simulation/simulated_api_server.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;

// Debian's python3-kubernetes against the simulated API server. Skipped, with a warning, where
// there is none. It is the system's Python that knows the package, whichever comes first in the
// PATH.

namespace {

std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> piece{};
  while (const auto count = std::fread(piece.data(), 1, piece.size(), pipe)) {
    text.append(piece.data(), count);
  }
  ::pclose(pipe);
  return text;
}

}  // namespace

TEST_CASE("python client: lists, watches, scales, patches and deletes", "[simulation]") {
  if (!output_of("/usr/bin/python3 -c 'import kubernetes'").empty()) {
    WARN("python3-kubernetes is not installed: this test was skipped");
    return;
  }
  SystemClock clock;
  SimulatedCluster cluster(clock, {.pod_start_time = Duration(0), .pod_ready_time = Duration(0)});
  cluster.add_deployment({.replicas = 2});
  SimulatedApiServer server(cluster, {.token = "secret"});
  const TemporaryDirectory directory;
  const auto kubeconfig = directory.write("kubeconfig", server.kubeconfig());

  CHECK(output_of("timeout 60 /usr/bin/python3 " CPAB_SOURCE_DIR "/tests/simulation/client.py " +
                  kubeconfig) ==
        "deployments ['web']\n"
        "scale 2 2 app=web\n"
        "replaced 4\n"
        "stale 409 Conflict\n"
        "patched 3\n"
        "labels [('app', 'web'), ('x', 'y'), ('z', '1')]\n"
        "watched ['ADDED', 'ADDED', 'BOOKMARK']\n"
        "resumed DELETED one\n"
        "too old 410 Expired\n"
        "index {'replicas': 2}\n"
        "index scale {'replicas': 3}\n"
        "indices 1\n"
        "gone 404 Not Found\n"
        "definitions ['indices.demo.cpab.dev']\n"
        "deleted Success\n"
        "missing 404 Not Found\n");
}
