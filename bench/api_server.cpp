// The simulated cluster behind TLS and a bearer token, in a process of its own, as an API server
// would be. Prints its port and serves until its standard input ends.
//
//   bench_api_server cert=FILE key=FILE token=TEXT [pods=1000]

#include <unistd.h>

#include <cstdio>
#include <string>

#include "bench/arguments.h"
#include "cpab/io/system_clock.h"
#include "cpab/simulation/simulated_api_server.h"

namespace {

/// Annotations that bring the objects to the size they have on a real cluster, about 3.5 KB each.
std::string annotations() {
  constexpr int count = 34;
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += std::string(i == 0 ? "" : ",") + R"("example.com/note-)" + std::to_string(i) +
            R"(":"what tools leave behind on pods")";
  }
  return "{" + text + "}";
}

/// A Deployment `name` of `replicas` pods that carry what pods of real clusters carry.
void add_deployment(cpab::SimulatedCluster& cluster, const std::string& name, int replicas) {
  cpab::WorkloadOptions options;
  options.name = name;
  options.replicas = 0;
  const cpab::ScaleTarget target = cluster.add_deployment(options);
  cluster.merge_patch(
      target, R"({"spec":{"template":{"metadata":{"annotations":)" + annotations() + "}}}}");
  cluster.scale_by_hand(target, replicas);
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  cpab::SystemClock clock;
  cpab::SimulatedCluster cluster(
      clock, {.pod_start_time = cpab::Duration(0), .pod_ready_time = cpab::Duration(0)});
  add_deployment(cluster, "web", 3);
  add_deployment(cluster, "crowd", arguments.number("pods", 1000));
  const cpab::SimulatedApiServer server(
      cluster, {.tls = cpab::ServerTls{arguments.text("cert"), arguments.text("key")},
                .token = arguments.text("token")});
  std::printf("%d\n", server.port());
  std::fflush(stdout);
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) > 0) {
  }
  return 0;
}
