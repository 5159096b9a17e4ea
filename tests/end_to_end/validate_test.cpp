#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>

#include "cpab/io/file.h"
#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

constexpr const char* required =
    "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}\n"
    "metric: {type: shell, timeout: 1000, shell: {entrypoint: cat}}\n"
    "evaluate: {type: shell, timeout: 1000, shell: {entrypoint: cat}}\n";

/// Valid and not, each with something that only one of the two might have looked at.
std::vector<std::string> texts() {
  std::vector<std::string> all;
  for (const char* rest :
       {"",
        "interval: 3153600000000\nstartTime: 1",
        "logVerbosity: -1\nlogFormat: json",
        "foo: 1",
        "interval: 5000\ninterval: 6000",
        "stateFile: /a\nstateFile: /b",
        "minReplicas: 11",
        "steps: {multipleOf: 3}\nbehavior: {scaleDown: {selectPolicy: Disabled}}",
        "parity: true",
        "mode: dark",
        "runMode: per-node",
        "metricConcurrency: 256",
        "preScale: {type: hpa}",
        "postScale: {type: shell, timeout: 1, shell: {entrypoint: \"a\\0\"}}",
        "kubernetesMetricSpecs: [{type: Resource}]",
        "kubernetesMetricSpecs: []",
        "apiConfig: {port: 0, host: 127.0.0.1}",
        "apiConfig: {port: 0, host: '127.0.0.1:0'}",
        "apiConfig: {port: 0, host: '::'}",
        "apiConfig: {port: 0, host: '[::]'}",
        "apiConfig: {port: 0, allow: {runs: authenticated}}",
        "apiConfig:",
        "maxReplicas: 5\n...\nmaxReplicas: [",
        "maxReplicas: 5\n---\n{"}) {
    all.push_back(std::string(required) + rest + "\n");
  }
  for (const char* url :
       {"http://h/a b?%zz", "http://a<b/x", "http://a\"b/x", "http://:80/", "http:/h", "h:80/",
        "http://h:65536/", "http://h:0/", "http://[::1]/", "http://[::1/", "http://u:p%40@h/",
        "http://u%zz@h/", "http://h/%4", "HTTP://H", "ftp://h", "", "http://h\t/"}) {
    all.push_back(std::string(required) + "preScale: {type: http, timeout: 5, http: {url: '" + url +
                  "', parameterMode: query, successCodes: [200], headers: {Host: a, X: b}}}\n");
  }
  return all;
}

std::vector<std::string> files() {
  std::vector<std::string> all;
  const std::filesystem::path root = CPAB_SOURCE_DIR;
  for (const auto& entry : std::filesystem::directory_iterator(root / "fuzz/seeds/config_file")) {
    all.push_back(entry.path());
  }
  for (const auto& entry : std::filesystem::directory_iterator(root / "udl-examples")) {
    const auto file = entry.path() / "config.yaml";
    if (std::filesystem::exists(file)) all.push_back(file);
  }
  all.push_back(root / "config.yaml.example");
  return all;
}

bool is_slip(const std::string& line) {
  return line.starts_with("unknown key ") || line.starts_with("key ");
}

/// Whether all that is wrong are slips, which the daemon warns of.
bool tells_only_slips(const Outcome& validated) {
  std::istringstream lines(validated.err);
  for (std::string line; std::getline(lines, line);) {
    if (!is_slip(line) && !line.starts_with("warning: ")) return false;
  }
  return true;
}

/// Where nothing on this machine can be in the way.
Program::Variables variables_for(const std::string& text) {
  Program::Variables variables{{"CPAB_DECISION_LOG", ""}, {"CPAB_STATE_FILE", ""}};
  if (text.find("port: 0") == std::string::npos) variables["apiConfig"] = R"({"enabled":false})";
  return variables;
}

}  // namespace

TEST_CASE("validate: says of a configuration what the daemon says", "[end_to_end]") {
  Setup setup;
  const std::string kubeconfig = setup.write_kubeconfig();
  std::vector<std::string> corpus = texts();
  for (const std::string& file : files()) corpus.push_back(read_file(file));
  int valid = 0;
  int invalid = 0;
  for (const std::string& text : corpus) {
    const std::string file = setup.folder.write("tried.yaml", text);
    Program::Variables variables = variables_for(text);
    const Outcome validated = run_cpab({"validate", file}, variables);
    variables.insert({{"configPath", file}, {"KUBECONFIG", kubeconfig}});
    Daemon daemon({}, variables);
    // It says so when it has begun, unless it is to say nothing.
    const bool runs = soon([&] {
                        return daemon.program().ended() ||
                               daemon.log().find("API") != std::string::npos ||
                               setup.server.requests().total() > 0;
                      }) &&
                      !daemon.program().ended();
    INFO(text << "--- validate\n" << validated.err << "--- run\n" << daemon.log());
    if (validated.exit_code == 0) {
      ++valid;
      CHECK(runs);
    } else {
      ++invalid;
      CHECK(validated.exit_code == 2);
      CHECK(runs == tells_only_slips(validated));
      if (!runs) CHECK(validated.err.starts_with(daemon.log()));
    }
    daemon.stop();
    setup.server.requests().clear();
  }
  CHECK(valid > 10);
  CHECK(invalid > 10);
}
