#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "cpab/io/file.h"
#include "cpab/telemetry/metric_families.h"
#include "tests/fakes/prometheus_tools.h"

using namespace cpab;

namespace {

const std::string folder = CPAB_SOURCE_DIR "/docker/observability/";

std::set<std::string> family_names() {
  std::set<std::string> names;
  for (const MetricFamily& family : metric_families()) names.insert(family.name);
  return names;
}

/// The families that `text` speaks of.
std::set<std::string> named_in(const std::string& text) {
  const std::regex name(R"(\b(cpab|rest_client|process)_[a-z_]+)");
  const std::regex part("_(bucket|sum|count)$");
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at) {
    names.insert(std::regex_replace(at->str(), part, ""));
  }
  return names;
}

/// One series of every family.
std::string all_families() {
  MetricRegistry registry(metric_families(), {{"target_name", "shop"}}, "cpab_");
  for (const MetricFamily& family : metric_families()) {
    if (family.type == MetricType::histogram) {
      registry.observe(family.name, {{"stage", "metric"}}, 0.5);
    } else {
      registry.set(family.name, {{"code", "<error>"}}, 1.5);
    }
  }
  return registry.text();
}

}  // namespace

TEST_CASE("observability: promtool finds nothing to say about our metrics", "[telemetry]") {
  const std::string promtool = prometheus_tool("promtool");
  if (promtool.empty()) return;
  const TemporaryDirectory directory;
  const std::string file = directory.write("metrics", all_families());
  CHECK(run_program({"/bin/sh", "-c", promtool + " check metrics < " + file}) ==
        Outcome{0, "", ""});
}

TEST_CASE("observability: promtool accepts the rules, and they alert as their tests say",
          "[telemetry]") {
  const std::string promtool = prometheus_tool("promtool");
  if (promtool.empty()) return;
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"check", "rules", folder + "prometheus-rules.yaml"},
        std::vector<std::string>{"test", "rules", folder + "prometheus-rules-test.yaml"}}) {
    std::vector<std::string> command = {promtool};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Outcome outcome = run_program(command);
    INFO(outcome.out << outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, Catch::Contains("SUCCESS"));
  }
}

TEST_CASE("observability: rules and dashboard name only metrics that exist", "[telemetry]") {
  const std::set<std::string> families = family_names();
  for (const char* file :
       {"prometheus-rules.yaml", "prometheus-rules-test.yaml", "grafana-dashboard.json"}) {
    const std::set<std::string> named = named_in(read_file(folder + file));
    CHECK(named.size() >= 8);  // the pattern still finds something
    for (const std::string& name : named) {
      INFO(name << " in " << file);
      CHECK(families.contains(name));
    }
  }
}

TEST_CASE("observability: the dashboard is JSON, and each panel asks something", "[telemetry]") {
  const auto dashboard = nlohmann::json::parse(read_file(folder + "grafana-dashboard.json"));
  std::set<int> ids;
  for (const auto& panel : dashboard.at("panels")) {
    INFO(panel.at("title"));
    CHECK(ids.insert(panel.at("id").get<int>()).second);
    CHECK_FALSE(panel.at("targets").empty());
  }
  CHECK(ids.size() >= 10);
}

TEST_CASE("observability: the documentation lists what there is", "[telemetry]") {
  CHECK(named_in(read_file(CPAB_SOURCE_DIR "/docs/observability.md")) == family_names());
}
