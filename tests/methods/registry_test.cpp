#include <catch2/catch.hpp>
#include <stdexcept>

#include "cpab/io/manual_clock.h"
#include "cpab/methods/registry.h"
#include "tests/fakes/scripted_process_runner.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

struct Fixture {
  ManualClock clock;
  ScriptedProcessRunner processes{[](const ProcessRequest&) {
    ProcessResult result;
    result.out = "7";
    return result;
  }};
  MethodRegistry registry = builtin_methods({processes, clock, 1000});

  std::string refusal(const MethodConfig& config) const {
    try {
      registry.make(config);
    } catch (const MethodError& error) {
      CHECK(error.reason == "config");
      return error.what();
    }
    return "made";
  }
};

}  // namespace

TEST_CASE("registry: the age of samples goes by the clock of what is measured", "[methods]") {
  ScriptedProcessRunner processes{[](const ProcessRequest&) { return ProcessResult(); }};
  ManualClock clock;  // 2026
  ManualClock of_then(WallTime(std::chrono::sys_days(std::chrono::year(2020) / 1 / 1)));
  const auto answer_with = [&](const Clock* sample_clock) -> std::string {
    MethodContext context{processes, clock, 1000};
    context.max_sample_age = 300s;
    context.sample_clock = sample_clock;
    MethodConfig config;
    config.type = "hpa";
    try {
      return builtin_methods(context).make(config)->run(
          R"({"metrics":[{"value":"[{\"current_replicas\":3,\"spec\":{\"type\":\"External\",)"
          R"(\"external\":{\"metric\":{\"name\":\"q\"},\"target\":{\"type\":\"AverageValue\",)"
          R"(\"averageValue\":\"1\"}}},\"external\":{\"current\":{\"value\":5000},\"timestamp\":)"
          R"(\"2020-01-01T00:00:00Z\"}}]"}]})",
          {});
    } catch (const MethodError& error) {
      return error.what();
    }
  };
  CHECK_THAT(answer_with(nullptr), Catch::Contains("s old, and maxSampleAge (300 s)"));
  CHECK_THAT(answer_with(&of_then), Catch::Contains(R"("targetReplicas":5)"));
}

TEST_CASE_METHOD(Fixture, "registry: unknown types are named", "[methods][contract-30]") {
  for (const std::string type : {"grpc", "", "Shell", "HTTP"}) {
    CHECK(refusal({type, 1s, {}, {}}) == "unknown execution method: '" + type + "'");
  }
}

TEST_CASE_METHOD(Fixture, "registry: the block of the type must be there",
                 "[methods][contract-25][contract-36]") {
  CHECK(refusal({"shell", 1s, {}, HttpConfig{}}) ==
        "missing required 'shell' configuration on method");
  CHECK(refusal({"http", 1s, ShellConfig{}, {}}) ==
        "missing required 'http' configuration on method");
}

TEST_CASE_METHOD(Fixture, "registry: makes methods that work", "[methods]") {
  HttpConfig http;
  http.url = "http://127.0.0.1:1/";
  http.parameter_mode = "body";

  CHECK(registry.make({"shell", 1s, ShellConfig{"x", {}, false}, {}})->run("", {}) == "7");
  CHECK(refusal({"http", 1s, {}, http}) == "made");
}

TEST_CASE_METHOD(Fixture, "registry: what cpab does itself needs no block", "[methods]") {
  CHECK(registry.make({.type = "kubernetes"})->run(R"({"kubernetesMetrics":[]})", {}) == "[]");
  const std::string at_109_percent =
      R"([{\"current_replicas\":10,\"spec\":{\"type\":\"External\",\"external\":{\"metric\":)"
      R"({\"name\":\"q\"},\"target\":{\"averageValue\":\"1\"}}},\"external\":{\"current\":)"
      R"({\"value\":10900}}}])";
  const std::string input = R"({"metrics":[{"value":")" + at_109_percent + R"("}]})";
  CHECK_THAT(registry.make({.type = "hpa"})->run(input, {}), Catch::Contains(":10,"));
  CHECK_THAT(registry.make({.type = "hpa", .hpa = HpaConfig{.tolerance = 0.0}})->run(input, {}),
             Catch::Contains(":11,"));
}

TEST_CASE("registry: a type cannot be added twice", "[methods]") {
  MethodRegistry registry;
  registry.add("x", [](const MethodConfig&) { return nullptr; });

  CHECK_THROWS_AS(registry.add("x", [](const MethodConfig&) { return nullptr; }), std::logic_error);
}
