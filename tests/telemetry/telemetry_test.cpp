#include "cpab/telemetry/telemetry.h"

#include <catch2/catch.hpp>

using namespace cpab;
using namespace std::chrono_literals;

namespace {

Config shop() {
  Config config;
  config.target = {"apps/v1", "Deployment", "shop", "prod"};
  config.evaluate = MethodConfig{.type = "shell", .timeout = 2'500ms};
  return config;
}

constexpr const char* labels = R"(namespace="prod",target_kind="Deployment",target_name="shop")";

std::string line(const std::string& name, const std::string& further, const std::string& value) {
  return "\n" + name + "{" + labels + further + "} " + value + "\n";
}

}  // namespace

TEST_CASE("Telemetry: says from the start how the autoscaler is configured", "[telemetry]") {
  Telemetry telemetry(shop(), WallTime(1'500ms));
  const std::string text = telemetry.text({});
  CHECK_THAT(text, Catch::Contains(line("cpab_interval_seconds", "", "15")) &&
                       Catch::Contains(line("cpab_min_replicas", "", "1")) &&
                       Catch::Contains(line("cpab_max_replicas", "", "10")) &&
                       Catch::Contains(line("cpab_paused", "", "0")) &&
                       Catch::Contains(
                           line("cpab_method_timeout_seconds", ",stage=\"evaluate\"", "2.5")) &&
                       Catch::Contains("\nprocess_start_time_seconds 1.5\n"));
}

TEST_CASE("Telemetry: the timeout of a call that is made per pod is not that of its stage",
          "[telemetry]") {
  const std::string series =
      "cpab_method_timeout_seconds{" + std::string(labels) + ",stage=\"metric\"}";
  Config config = shop();
  config.metric = MethodConfig{.type = "shell"};
  config.run_mode = RunMode::per_pod;
  CHECK_THAT(Telemetry(config, {}).text({}), !Catch::Contains(series));
  config.run_mode = RunMode::per_resource;
  CHECK_THAT(Telemetry(config, {}).text({}), Catch::Contains(series));
}

TEST_CASE("Telemetry: methods that call nobody have no timeout that a stage could come near",
          "[telemetry]") {
  Config config = shop();
  config.metric = MethodConfig{.type = "kubernetes"};
  config.evaluate = MethodConfig{.type = "hpa"};
  config.run_mode = RunMode::per_resource;
  CHECK_THAT(Telemetry(config, {}).text({}), !Catch::Contains("cpab_method_timeout_seconds"));
}

TEST_CASE("Telemetry: an override moves the bounds", "[telemetry]") {
  struct Row {
    Override manual;
    std::string minimum, maximum, paused;
  };
  const auto row = GENERATE(values<Row>({{{.replicas = 4}, "4", "4", "0"},
                                         {{.replicas = 99}, "10", "10", "0"},
                                         {{.minimum = 3}, "3", "10", "0"},
                                         {{.maximum = 5}, "1", "5", "0"},
                                         {{.direction = Direction::none}, "1", "10", "1"}}));
  Telemetry telemetry(shop(), {});
  const std::string text = telemetry.text({.manual = row.manual});
  CHECK_THAT(text, Catch::Contains(line("cpab_min_replicas", "", row.minimum)) &&
                       Catch::Contains(line("cpab_max_replicas", "", row.maximum)) &&
                       Catch::Contains(line("cpab_paused", "", row.paused)) &&
                       Catch::Contains(line("cpab_override_active", "", "1")));
  CHECK_THAT(telemetry.text({}), Catch::Contains(line("cpab_override_active", "", "0")));
}

TEST_CASE("telemetry: whether decisions are carried out", "[telemetry]") {
  Telemetry telemetry(shop(), {});
  CHECK_THAT(telemetry.text({}), Catch::Contains(line("cpab_shadow_mode", "", "0")));
  CHECK_THAT(telemetry.text({.mode = Mode::shadow}),
             Catch::Contains(line("cpab_shadow_mode", "", "1")));
}

TEST_CASE("Telemetry: the loop and the REST client are counted", "[telemetry]") {
  Telemetry telemetry(shop(), {});
  telemetry.note_tick({.late = 250ms, .missed = 2});
  telemetry.note_request({"GET", 200, 500ms, false});
  telemetry.note_request({"PATCH", 0, 1s, true});
  const std::string text = telemetry.text({});
  CHECK_THAT(text, Catch::Contains(line("cpab_missed_cycles_total", "", "2")) &&
                       Catch::Contains(line("cpab_loop_lateness_seconds_sum", "", "0.25")));
  CHECK_THAT(
      text,
      Catch::Contains("\nrest_client_requests_total{code=\"200\",method=\"GET\"} 1\n") &&
          Catch::Contains("\nrest_client_requests_total{code=\"<error>\",method=\"PATCH\"} 1\n") &&
          Catch::Contains("\nrest_client_request_retries_total 1\n") &&
          Catch::Contains("\nrest_client_request_duration_seconds_sum{verb=\"PATCH\"} 1\n"));
}

TEST_CASE("Telemetry: what user logic left behind", "[telemetry]") {
  Telemetry telemetry(shop(), {});
  const std::string text =
      telemetry.text({.method_calls_killed = 2, .orphans_reaped = 7, .left_ended = 5});
  CHECK_THAT(text, Catch::Contains(line("cpab_background_processes_ended_total", "", "5")));
  CHECK_THAT(text, Catch::Contains(line("cpab_method_calls_killed_total", "", "2")) &&
                       Catch::Contains(line("cpab_orphans_reaped_total", "", "7")));
}

TEST_CASE("Telemetry: decisions that the decision log lacks", "[telemetry]") {
  Telemetry telemetry(shop(), {});
  CHECK_THAT(telemetry.text({.decisions_dropped = 3}),
             Catch::Contains(line("cpab_decision_log_dropped_total", "", "3")));
}

TEST_CASE("Telemetry: tokens and certificates, where there are any", "[telemetry]") {
  Config config = shop();
  config.api.cert_file = "/tls/tls.crt";
  Telemetry telemetry(config, {});
  CHECK_THAT(telemetry.text({}), !Catch::Contains("cpab_token_reads_total") &&
                                     !Catch::Contains("cpab_certificate_expiry"));
  const std::string text = telemetry.text({.token_reads = TokenReads{.succeeded = 3, .failed = 1},
                                           .certificate_expiry = WallTime(90s)});
  CHECK_THAT(text,
             Catch::Contains(line("cpab_token_reads_total", ",result=\"success\"", "3")) &&
                 Catch::Contains(line("cpab_token_reads_total", ",result=\"failure\"", "1")) &&
                 Catch::Contains(line("cpab_certificate_expiry_timestamp_seconds",
                                      ",file=\"/tls/tls.crt\"", "90")));
}

TEST_CASE("Telemetry: what the process takes is above nothing", "[telemetry]") {
  Telemetry telemetry(shop(), {});
  const std::string text = telemetry.text({});
  for (const char* name :
       {"process_resident_memory_bytes", "process_virtual_memory_bytes", "process_open_fds",
        "process_max_fds", "process_threads", "process_cpu_seconds_total"}) {
    INFO(name);
    CHECK_THAT(text, Catch::Contains("\n" + std::string(name) + " ") &&
                         !Catch::Contains("\n" + std::string(name) + " 0\n"));
  }
}
