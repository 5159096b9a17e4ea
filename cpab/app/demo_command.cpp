#include <stdlib.h>
#include <unistd.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cpab/app/autoscaler.h"
#include "cpab/app/client_kubeconfig.h"
#include "cpab/app/commands.h"
#include "cpab/app/demo_files.h"
#include "cpab/app/demo_screen.h"
#include "cpab/app/print_error.h"
#include "cpab/config/load.h"
#include "cpab/io/inherited_descriptors.h"
#include "cpab/io/logging.h"
#include "cpab/io/stop_signals.h"
#include "cpab/io/system_clock.h"
#include "cpab/model/printable.h"
#include "cpab/simulation/simulated_api_server.h"
#include "cpab/simulation/simulated_cluster.h"

namespace cpab {
namespace {

constexpr double lowest_load = 30;
constexpr double highest_load = 440;
constexpr std::chrono::seconds load_period{80};
constexpr std::chrono::milliseconds refresh{200};

/// Requests a second: up and down again within load_period.
double demo_load(Duration since_start) {
  const double turns = std::chrono::duration<double>(since_start) / load_period;
  const double height = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * turns);
  return lowest_load + (highest_load - lowest_load) * height;
}

/// At half a core a pod, 50 requests a second each: as much as the Python scripts let it have.
WorkloadOptions demo_workload() {
  WorkloadOptions options;
  options.name = "shop";
  options.load = demo_load;
  options.cpu_request = "1";
  return options;
}

void introduce(DemoScreen& screen, const DemoFiles& files, DemoExample example,
               const std::string& api, const std::string& cluster) {
  const bool hpa = example == DemoExample::hpa;
  const std::string queue = "  curl -X PUT -d '{\"metric\":\"queue\",\"value\":\"70\"}' " +
                            cluster + "/simulation/metrics\n";
  const std::string kubectl = "  kubectl --server " + cluster;
  screen.line(
      (hpa ? "cpab demo: the daemon as an HPA, with its metrics APIs, on a simulated cluster.\n"
             "\n"
             "  configuration   " +
                 files.config() + "\n"
           : "cpab demo: the real daemon and real Python scripts on a simulated cluster.\n"
             "\n"
             "  user logic      " +
                 files.folder() + "  (metric.py, evaluate.py: edit them now)\n") +
      "  Dashboard       " + api + "/ui/\n  REST API        " + api + "\n  Kubernetes API  " +
      cluster +
      "\n\nTry from another terminal:\n"
      "  curl -X POST '" +
      api + "/api/v1/evaluation?dry_run=true&explain=true'\n  curl " + api +
      "/api/v1/decisions/last\n" + (hpa ? kubectl + " top pods\n" + queue : "") + kubectl +
      " get deployments,pods\n" + kubectl +
      " scale deployment/shop --replicas=8\n\nCtrl-C ends it.\n");
}

class Demo {
 public:
  Demo(const DemoOptions& options, StopSignals& signals)
      : options_(options),
        signals_(signals),
        cluster_(clock_),
        target_(cluster_.add_deployment(demo_workload())),
        server_(start_cluster()),
        screen_(isatty(STDOUT_FILENO) == 1) {}

  int run() {
    ::setenv("CPAB_SIMULATED_CLUSTER", server_->url().c_str(), 1);
    cluster_.set_metric({"default", "", "", "queue"}, {{}, "5"});
    Credentials credentials;
    credentials.server = server_->url();
    if (!options_.kubeconfig.empty()) write_kubeconfig(*server_, options_.kubeconfig);
    if (!start_autoscaler(credentials, options_.api_port)) start_autoscaler(credentials, 0);
    introduce(screen_, *files_, options_.example,
              "http://127.0.0.1:" + std::to_string(autoscaler_->api_port()), server_->url());
    watch();
    autoscaler_->stop();
    return report();
  }

 private:
  std::unique_ptr<SimulatedApiServer> start_cluster() {
    SimulatedApiServerOptions options;
    options.port = options_.cluster_port;
    try {
      return std::make_unique<SimulatedApiServer>(cluster_, options);
    } catch (const HttpServerError&) {
      options.port = 0;  // taken: any other will do, it is printed
      return std::make_unique<SimulatedApiServer>(cluster_, options);
    }
  }

  bool start_autoscaler(const Credentials& credentials, std::uint16_t port) {
    files_ = std::make_unique<DemoFiles>(options_.example, port);
    const Config config = load_config(files_->config(), {}).config;
    autoscaler_ = std::make_unique<Autoscaler>(config, credentials, clock_);
    try {
      autoscaler_->start();
      return true;
    } catch (const HttpServerError&) {
      if (port == 0) throw;
      autoscaler_.reset();
      return false;
    }
  }

  void watch() {
    const TimePoint end = options_.seconds ? clock_.now() + std::chrono::seconds(*options_.seconds)
                                           : TimePoint::max();
    while (clock_.now() < end) {
      show_new_decisions();
      screen_.status(demo_bars(moment()));
      if (signals_.wait_for(refresh)) return;
    }
  }

  void show_new_decisions() {
    for (const DecisionLog::Line& line :
         autoscaler_->decisions().find({.limit = DecisionLog::capacity, .after_id = shown_})) {
      const auto record = nlohmann::json::parse(*line);
      shown_ = record.at("id");
      scaled_ += record.at("action") == "scaled" ? 1 : 0;
      screen_.line(record.at("time").get<std::string>().substr(11, 8) + "  " + demo_bars(moment()) +
                   "  " + printable(record.at("message").get<std::string>(), "  "));
      if (record.at("failure").is_object() && record.at("failure").contains("stderr")) {
        screen_.line(printable(record.at("failure").at("stderr").get<std::string>(), ""));
      }
    }
  }

  DemoMoment moment() {
    const WorkloadView view = cluster_.view(target_);
    return {.load = cluster_.load(target_).total,
            .highest_load = highest_load,
            .replicas = view.wanted,
            .ready = view.ready,
            .highest_replicas = 8};
  }

  int report() {
    screen_.line("Made " + std::to_string(shown_) + " decisions; " + std::to_string(scaled_) +
                 " of them changed the number of replicas.");
    return scaled_ > 0 ? exit_ok : exit_failure;
  }

  const DemoOptions options_;
  StopSignals& signals_;
  SystemClock clock_;
  SimulatedCluster cluster_;
  ScaleTarget target_;
  std::unique_ptr<SimulatedApiServer> server_;
  DemoScreen screen_;
  std::unique_ptr<DemoFiles> files_;
  std::unique_ptr<Autoscaler> autoscaler_;
  std::uint64_t shown_ = 0;
  int scaled_ = 0;
};

}  // namespace

int demo_command(const DemoOptions& options) {
  close_inherited_descriptors_on_exec();
  StopSignals signals;
  // What would be logged is shown in the demo's own way.
  set_up_logging({.verbosity = -1, .output = [](std::string_view) {}});
  try {
    return Demo(options, signals).run();
  } catch (const std::exception& error) {
    print_error(std::string("cpab demo could not start: ") + error.what());
    return exit_failure;
  }
}

}  // namespace cpab
