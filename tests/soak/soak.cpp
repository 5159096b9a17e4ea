#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "cpab/pipeline/decision_log.h"
#include "tests/end_to_end/setup.h"
#include "tests/soak/trouble.h"
#include "tests/soak/usage.h"

// Runs the daemon at an interval of 5 ms for as many seconds as the argument says, with good and
// evil user logic, clients of its API, and an API server that fails now and then, and fails itself
// unless the daemon stays healthy and what it holds stays flat.

using namespace cpab;

namespace {

#ifdef CPAB_SANITIZED
constexpr bool memory_counts = false;  // a sanitizer holds on to what is freed
#else
constexpr bool memory_counts = true;
#endif

void configure(Setup& setup, const RandomHttpLogic& http_logic) {
  setup.config["interval"] = "5";
  setup.config["kubernetesTimeout"] = "300";
  setup.config["maxOutputBytes"] = "262144";
  setup.config["downscaleStabilization"] = "1";
  setup.config["metric"] = setup.shell(random_logic(8), 150);
  setup.config["evaluate"] = setup.shell(random_logic(8), 150);
  setup.config["postEvaluate"] = "{type: http, timeout: 150, http: {method: POST, url: '" +
                                 http_logic.url() + "', successCodes: [200], parameterMode: body}}";
}

std::uint64_t cycles(Daemon& daemon) {
  const HttpResponse last = daemon.get("/api/v1/decisions/last");
  return last.status == 200 ? member(last.body, "id").get<std::uint64_t>() : 0;
}

/// Watches the daemon, whose log it keeps from growing, and says when the count leaves the bounds.
class Watch {
 public:
  Watch(Setup& setup, Daemon& daemon) : setup_(setup), pid_(daemon.program().pid()) {}

  void look(std::chrono::seconds time) {
    const auto pause = std::clamp(std::chrono::milliseconds(time) / 400,
                                  std::chrono::milliseconds(50), std::chrono::milliseconds(500));
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(pause);
      samples_.push_back(usage_of(pid_));
      const std::int32_t replicas = setup_.replicas();
      in_bounds_ = in_bounds_ && replicas >= 1 && replicas <= 10;
      cut_log();
    }
  }

  const std::vector<Usage>& samples() const { return samples_; }
  bool in_bounds() const { return in_bounds_; }

 private:
  void cut_log() const {
    const std::string log = "/proc/" + std::to_string(pid_) + "/fd/2";
    if (::truncate(log.c_str(), 0) != 0) std::perror("truncate the daemon's log");
  }

  Setup& setup_;
  const pid_t pid_;
  std::vector<Usage> samples_;
  bool in_bounds_ = true;
};

/// Prints a line when `fine` is not; returns `fine`.
bool check(bool fine, const std::string& what) {
  if (!fine) std::printf("FAILED: %s\n", what.c_str());
  return fine;
}

/// `still_filling`: the decision log was not full before the comparison began.
bool judge(const std::vector<Usage>& samples, bool still_filling) {
  const auto courses = courses_of(samples);
  bool flat = true;
  std::printf(
      "median of quarter         1        2        3        4  highest  allowed: 2 to 4, peak\n");
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const bool memory = i < memory_limits;
    const auto log_size = static_cast<std::int64_t>(DecisionLog::max_bytes >> 10);
    const std::int64_t growth = limits[i].growth + (memory && still_filling ? log_size : 0);
    std::printf("%-18s", limits[i].name);
    for (const std::int64_t median : courses[i].medians) std::printf(" %8ld", median);
    std::printf(" %8ld  +%ld, %ld\n", courses[i].highest, growth, limits[i].peak);
    if (memory && !memory_counts) continue;
    flat &= check(courses[i].growth() <= growth, std::string(limits[i].name) + " grow");
    flat &= check(courses[i].highest <= limits[i].peak, std::string("too many ") + limits[i].name);
  }
  return flat;
}

bool soak(std::chrono::seconds time) {
  const RandomHttpLogic http_logic;
  Setup setup;
  configure(setup, http_logic);
  Daemon daemon = setup.start();
  Watch watch(setup, daemon);
  const std::uint16_t port = daemon.api_port();
  std::uint64_t cycles_of_warm_up = 0;
  int answers = 0, unhealthy = 0, faults = 0;
  {
    const FaultInjector injector(setup.server.faults());
    const ApiClients clients(port);
    watch.look(time / 4);
    cycles_of_warm_up = cycles(daemon);
    watch.look(time - time / 4);
    answers = clients.answers();
    unhealthy = clients.unhealthy();
    faults = injector.injected();
  }
  const std::uint64_t all_cycles = cycles(daemon);
  std::printf("%ld s, %zu samples, %lu cycles, %d API answers, %d faults of the API server\n",
              static_cast<long>(time.count()), watch.samples().size(), all_cycles, answers, faults);
  bool fine = judge(watch.samples(), cycles_of_warm_up < DecisionLog::capacity);
  fine &= check(unhealthy == 0, "/healthz was not 200 " + std::to_string(unhealthy) + " times");
  fine &= check(watch.in_bounds(), "the replica count left the bounds");
  fine &= check(soon([&] { return cycles(daemon) > all_cycles + 10; }), "cycles do not go on");
  fine &= check(daemon.stop() == 0, "the daemon did not stop by itself");
  fine &= check(soon([&] { return daemon.program().survivors().empty(); }), "processes are left");
  return fine;
}

}  // namespace

int main(int argc, char** argv) {
  const int seconds = argc == 2 ? std::atoi(argv[1]) : 0;
  if (seconds < 4) {
    std::fprintf(stderr, "usage: cpab_soak SECONDS (4 or more)\n");
    return 2;
  }
  const bool fine = soak(std::chrono::seconds(seconds));
  std::printf("%s\n", fine ? "flat" : "NOT FLAT");
  return fine ? 0 : 1;
}
