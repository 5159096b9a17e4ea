#include "tests/udl_examples/example_run.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "cpab/io/file.h"
#include "cpab/io/process_table.h"
#include "cpab/model/replaced.h"

namespace cpab {
namespace {

SimulationOptions instant_pods() {
  SimulationOptions options;
  options.pod_start_time = options.pod_ready_time = options.pod_stop_time = Duration(0);
  return options;
}

}  // namespace

std::string with_replaced(const std::string& text, const std::string& from, const std::string& to) {
  if (text.find(from) == std::string::npos) {
    throw std::logic_error("'" + from + "' is not in:\n" + text);
  }
  return replaced(text, from, to);
}

std::string example_folder(const std::string& example) {
  return std::string(CPAB_SOURCE_DIR) + "/udl-examples/" + example;
}

bool is_installed(const std::string& program) {
  if (run_program({"sh", "-c", "command -v " + program}).exit_code == 0) return true;
  WARN("skipped: there is no " + program + " here");
  return false;
}

std::unique_ptr<Program> start_in(const std::string& folder, std::vector<std::string> argv,
                                  const Program::Variables& variables) {
  argv.insert(argv.begin(), {"env", "-C", folder});
  return std::make_unique<Program>(argv, variables);
}

ExampleRun::ExampleRun(const std::string& example)
    : folder_(example_folder(example)),
      config_(folder_ + "/config.yaml"),
      cluster_(clock_, instant_pods()),
      web_(cluster_.add_deployment()),
      server_(cluster_) {}

std::string ExampleRun::deployment_load_url() const {
  return server_.url() + "/simulation/namespaces/default/deployments/web/load";
}

std::string ExampleRun::pod_load_url() const {
  return server_.url() + "/simulation/namespaces/{namespace}/pods/{name}/load";
}

void ExampleRun::set_load(double load) {
  cluster_.set_load(web_, [load](Duration) { return load; });
}

void ExampleRun::replace_in_config(const std::string& from, const std::string& to) {
  config_ = directory_.write("config.yaml", with_replaced(read_file(config_), from, to));
}

void ExampleRun::start(Program::Variables variables) {
  variables.insert(
      {{"configPath", config_}, {"interval", "100"}, {"apiConfig", R"({"enabled":false})"}});
  cpab_ = start_in(folder_, {CPAB_BINARY, "--kubeconfig", kubeconfig()}, variables);
}

bool ExampleRun::scales_to(std::int32_t replicas) {
  return comes_to_pass([&] { return this->replicas() == replicas; });
}

bool ExampleRun::logs(const std::string& text) {
  return comes_to_pass([&] { return log().find(text) != std::string::npos; });
}

/// Waits no longer than cpab runs.
bool ExampleRun::comes_to_pass(const std::function<bool()>& event) {
  soon([&] { return event() || read_process(cpab_->pid()).ended; });
  if (event()) return true;
  UNSCOPED_INFO("the log of cpab:\n" << log());
  return false;
}

/// The file that users of the examples take, with the port of this run.
std::string ExampleRun::kubeconfig() const {
  const std::string text = read_file(example_folder("simulated.kubeconfig"));
  return directory_.write("kubeconfig",
                          with_replaced(text, "http://127.0.0.1:8001", server_.url()));
}

}  // namespace cpab
