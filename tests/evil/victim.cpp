#include "tests/evil/victim.h"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "cpab/io/process_table.h"
#include "tests/end_to_end/setup.h"

namespace cpab {
namespace {

constexpr std::int32_t start_replicas = 4;
constexpr std::int32_t good_replicas = 7;

// How much more memory may be in use after a run than before the first one. The floods are ten
// times that. Sanitizers keep freed memory aside.
#ifdef CPAB_SANITIZED
constexpr std::size_t allowed_growth_mib = 600;
#else
constexpr std::size_t allowed_growth_mib = 10;
#endif

// The API may start another thread when a request comes before the last one's is free, and keeps it
// for some seconds.
constexpr std::size_t spare_threads = 2;

std::size_t count_entries(const std::string& folder) {
  std::error_code ignored;
  const std::filesystem::directory_iterator entries(folder, ignored);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

std::size_t resident_mib(pid_t pid) {
  std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) >> 20;
}

/// The descendants of `pid`, those that ended and were not waited for included.
std::size_t count_descendants(pid_t pid) {
  const std::vector<ProcessEntry> table = read_process_table();
  std::vector<pid_t> family{pid};
  for (std::size_t i = 0; i < family.size(); ++i) {
    for (const ProcessEntry& process : table) {
      if (process.parent == family[i]) family.push_back(process.id.pid);
    }
  }
  return family.size() - 1;
}

}  // namespace

Victim::Victim(const VictimOptions& options)
    : kept_connections_(options.kept_connections), daemon_(prepared(setup, options).start()) {
  play_good(metric_stage);
  play_good(evaluate_stage);
  // What the first run allocates is not the fault of a script.
  if (options.is_good_at_first) {
    check_scales();
  } else {
    run();
  }
  before_ = usage();
}

Setup& Victim::prepared(Setup& setup, const VictimOptions& options) {
  const auto method = [&](const char* stage) {
    return "{type: shell, timeout: " + std::to_string(options.timeout_ms) +
           ", shell: {entrypoint: " + setup.folder.file(stage) + "}}";
  };
  setup.config["metric"] = method(metric_stage);
  setup.config["evaluate"] = method(evaluate_stage);
  setup.config["interval"] = never;
  setup.config["minReplicas"] = "1";
  setup.config["maxReplicas"] = "10";
  setup.config["maxOutputBytes"] = "1048576";
  for (const auto& [key, value] : options.config) setup.config[key] = value;
  setup.variables["PATH"] = "/usr/bin:/bin";
  setup.cluster.scale_by_hand(setup.shop, start_replicas);
  return setup;
}

std::string Victim::kit(const std::string& script) {
  return CPAB_SOURCE_DIR "/tests/evil/logic/" + script;
}

void Victim::play(const std::string& stage, const std::string& program) {
  const std::filesystem::path link = setup.folder.file(stage);
  std::filesystem::remove(link);
  std::filesystem::create_symlink(program, link);
}

void Victim::play(const std::string& stage, const std::string& program,
                  const std::string& arguments) {
  const std::string script =
      setup.folder.write(stage + ".sh", "#!/bin/sh\nexec " + program + " " + arguments + "\n");
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  play(stage, script);
}

void Victim::play_good(const std::string& stage) {
  play(stage, "/bin/echo",
       stage == metric_stage ? "5"
                             : "'{\"targetReplicas\": " + std::to_string(good_replicas) + "}'");
}

nlohmann::json Victim::run() {
  daemon_.post("/api/v1/evaluation");
  return nlohmann::json::parse(daemon_.get("/api/v1/decisions/last").body);
}

void Victim::check_refuses(const Complaint& complaint) {
  check_refuses(complaint, [&] { play_good(complaint.stage); });
}

void Victim::check_refuses(const Complaint& complaint, const std::function<void()>& make_good) {
  check_fails(complaint);
  make_good();
  check_scales();
}

void Victim::check_fails(const Complaint& complaint) {
  const nlohmann::json record = run();
  CAPTURE(record.dump(1).substr(0, 4000));
  CHECK(record.at("action") == "failed");
  CHECK(record.at("currentReplicas") == start_replicas);
  REQUIRE(record.at("failure").is_object());
  CHECK(record.at("failure").at("stage") == complaint.stage);
  CHECK(record.at("failure").at("reason") == complaint.reason);
  CHECK_THAT(record.at("failure").at("message").get<std::string>(),
             Catch::Contains(complaint.text));
  CHECK_THAT(record.at("message").get<std::string>(),
             Catch::EndsWith("; keeping " + std::to_string(start_replicas)));
  CHECK(setup.replicas() == start_replicas);
  check_is_well();
}

void Victim::check_accepts(const std::string& stage) {
  const nlohmann::json record = run();
  CAPTURE(record.dump(1).substr(0, 4000));
  CHECK(record.at("action") == "scaled");
  CHECK(record.at("failure").is_null());
  CHECK(setup.replicas() == (stage == evaluate_stage ? tempting_replicas : good_replicas));
  reset_replicas();
  check_is_well();
  play_good(stage);
  check_scales();
}

void Victim::check_is_well() {
  CHECK(daemon_.get("/healthz").status == 200);
  CHECK_FALSE(daemon_.program().ended());
  const Usage limit = allowed();
  Usage now;
  soon([&] {
    now = usage();
    return now.processes <= limit.processes && now.threads <= limit.threads &&
           now.descriptors <= limit.descriptors && now.memory_mib <= limit.memory_mib;
  });
  CHECK(now.processes <= limit.processes);
  CHECK(now.threads <= limit.threads);
  CHECK(now.descriptors <= limit.descriptors);
  CHECK(now.memory_mib <= limit.memory_mib);
}

void Victim::check_scales() {
  const nlohmann::json record = run();
  CHECK(record.at("action") == "scaled");
  CHECK(setup.replicas() == good_replicas);
  reset_replicas();
}

void Victim::reset_replicas() { setup.cluster.scale_by_hand(setup.shop, start_replicas); }

Victim::Usage Victim::allowed() const {
  return {.processes = 0,
          .threads = before_.threads + spare_threads,
          .descriptors = before_.descriptors + kept_connections_,
          .memory_mib = before_.memory_mib + allowed_growth_mib};
}

Victim::Usage Victim::usage() {
  const pid_t pid = daemon_.program().pid();
  const std::string folder = "/proc/" + std::to_string(pid);
  return {.processes = count_descendants(pid),
          .threads = count_entries(folder + "/task"),
          .descriptors = count_entries(folder + "/fd"),
          .memory_mib = resident_mib(pid)};
}

}  // namespace cpab
