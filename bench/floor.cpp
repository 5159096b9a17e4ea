// The least that the work of a cycle can cost: the same requests to the API server on one
// kept-alive connection and the same calls of user logic, with nothing around them. Prints JSON.
//
//   bench_floor work=cycle|pods methods=shell|http api=URL ca=FILE token=TEXT method=URL
//               [rounds=100]

#include <csignal>
#include <cstdio>
#include <exception>
#include <vector>

#include "bench/arguments.h"
#include "bench/command.h"
#include "bench/figures.h"
#include "bench/http_connection.h"

namespace {

using bench::HttpConnection;

constexpr const char* deployments = "/apis/apps/v1/namespaces/default/deployments/";

/// User logic, called in one of the two ways.
class Logic {
 public:
  explicit Logic(const bench::Arguments& arguments)
      : shell_(arguments.text("methods") == "shell"), server_(arguments.text("method"), "", "") {}

  std::string metric(const std::string& input) {
    return shell_ ? bench::run_command(bench::metric_command(), input)
                  : server_.post("/metric", input);
  }

  std::string evaluate(const std::string& input) {
    return shell_ ? bench::run_command(bench::evaluate_command(), input)
                  : server_.post("/evaluate", input);
  }

 private:
  bool shell_;
  HttpConnection server_;
};

std::string stage_input(const std::string& resource) {
  return R"({"resource":)" + resource + R"(,"runType":"api_dry_run"})";
}

void cycle(HttpConnection& api, Logic& logic) {
  const std::string target = api.get(std::string(deployments) + "web");
  api.get(std::string(deployments) + "web/scale");
  logic.metric(stage_input(target));
  logic.evaluate(stage_input(target));
}

/// What stands between `"name":"` and the next quote, from `at` on; moves `at` behind it.
std::string text_after(const std::string& text, const std::string& name, std::size_t& at) {
  const std::string key = "\"" + name + "\":\"";
  at = text.find(key, at);
  if (at == std::string::npos) return {};
  at += key.size();
  return text.substr(at, text.find('"', at) - at);
}

/// The objects of the array `items`. Braces in strings would confuse it; ours have none.
std::vector<std::string> pods_of(const std::string& page) {
  std::vector<std::string> pods;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t at = page.find("\"items\":["); at < page.size(); ++at) {
    if (page[at] == '{' && depth++ == 0) start = at;
    if (page[at] == '}' && --depth == 0) pods.push_back(page.substr(start, at + 1 - start));
    if (page[at] == ']' && depth == 0) break;
  }
  return pods;
}

/// The list in pages, as the daemon asks for it, and a call for each pod.
std::size_t measure_pods(HttpConnection& api, Logic& logic) {
  api.get(std::string(deployments) + "crowd");
  api.get(std::string(deployments) + "crowd/scale");
  const std::string path = "/api/v1/namespaces/default/pods?labelSelector=app%3Dcrowd&limit=500";
  std::size_t count = 0;
  std::string next;
  do {
    const std::string page = api.get(next.empty() ? path : path + "&continue=" + next);
    std::size_t at = 0;
    next = text_after(page, "continue", at);
    for (const std::string& pod : pods_of(page)) {
      logic.metric(stage_input(pod));
      ++count;
    }
  } while (!next.empty());
  return count;
}

int measure(const bench::Arguments& arguments) {
  HttpConnection api(arguments.text("api"), arguments.text("ca"), arguments.text("token"));
  Logic logic(arguments);
  const bool whole_cycle = arguments.text("work") == "cycle";
  std::size_t pods = 0;
  const auto work = [&] {
    whole_cycle ? cycle(api, logic) : static_cast<void>(pods = measure_pods(api, logic));
  };
  work();  // connects
  const int rounds = arguments.number("rounds", 100);
  std::vector<double> walls;
  const double cpu_before = bench::own_cpu();
  for (int i = 0; i < rounds; ++i) walls.push_back(bench::milliseconds(work));
  const double cpu = (bench::own_cpu() - cpu_before) / rounds;
  std::printf(R"({"wall_ms":%.4f,"p99_ms":%.4f,"cpu_ms":%.4f,"pods":%zu})"
              "\n",
              bench::median(walls), bench::percentile(walls, 0.99), cpu, pods);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // not every command reads its input
  try {
    return measure(bench::Arguments(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
