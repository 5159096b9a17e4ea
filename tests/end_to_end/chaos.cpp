#include "tests/end_to_end/chaos.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

namespace cpab {
namespace {

/// Two reads, a patch that is tried seven times, and finding out what became of it.
constexpr std::size_t most_requests_of_a_cycle = 10;

bool failed(const nlohmann::json& record) { return record.at("action") == "failed"; }

std::vector<nlohmann::json> failures(Daemon& daemon, std::size_t after) {
  std::vector<nlohmann::json> result;
  const auto records = decisions(daemon);
  for (std::size_t i = after; i < records.size(); ++i) {
    if (failed(records[i])) result.push_back(records[i]);
  }
  return result;
}

bool has_symptom(const nlohmann::json& record, const Symptom& symptom) {
  const auto& failure = record.at("failure");
  return failure.at("stage") == symptom.stage &&
         failure.at("message").get<std::string>().find(symptom.message) != std::string::npos;
}

void check_explained(const nlohmann::json& record) {
  CHECK_FALSE(record.at("failure").at("stage").get<std::string>().empty());
  CHECK_FALSE(record.at("failure").at("reason").get<std::string>().empty());
  CHECK_THAT(record.at("message").get<std::string>(), Catch::Contains(" failed: "));
}

/// The record that is the first to scale from `after` on; the number of records when none does.
std::size_t first_scaling(Daemon& daemon, std::size_t after) {
  const auto records = decisions(daemon);
  while (after < records.size() && records[after].at("action") != "scaled") ++after;
  return after;
}

}  // namespace

Chaos::Chaos(const SimulatedApiServerOptions& server_options)
    : Setup(server_options), proxy(server.port()) {
  wants(3);
  config["interval"] = "100";
  config["kubernetesTimeout"] = "1000";
  config["evaluate"] = shell("cat " + folder.file("answer"));
  kubeconfig_cluster = "{server: '" + proxied_url() + "'}";
}

std::string Chaos::proxied_url() const {
  const std::string scheme = server.url().substr(0, server.url().find("//"));
  return scheme + "//127.0.0.1:" + std::to_string(proxy.port());
}

// In one step: user logic must not see half an answer.
void Chaos::wants(std::int32_t replicas) const {
  folder.write("answer.new", "{\"targetReplicas\":" + std::to_string(replicas) + "}");
  std::filesystem::rename(folder.file("answer.new"), folder.file("answer"));
}

void Chaos::settle(Daemon& daemon) {
  REQUIRE(reaches(3));
  REQUIRE(soon([&] { return !scalings(daemon).empty(); }));
  REQUIRE(changes() == 1);
}

std::int64_t Chaos::changes() {
  const auto object = nlohmann::json::parse(cluster.target(shop, {}).json);
  return object.at("metadata").at("generation").get<std::int64_t>() - 1;
}

bool has_failed(Daemon& daemon, std::size_t after, std::size_t count) {
  return soon([&] { return failures(daemon, after).size() >= count; });
}

std::vector<std::string> scalings(Daemon& daemon) {
  std::vector<std::string> messages;
  for (const auto& record : decisions(daemon)) {
    if (record.at("action") == "scaled") messages.push_back(record.at("message"));
  }
  return messages;
}

bool shows(Daemon& daemon, std::size_t after, const Symptom& symptom) {
  const auto records = failures(daemon, after);
  return std::any_of(records.begin(), records.end(),
                     [&](const auto& record) { return has_symptom(record, symptom); });
}

void check_survives(Chaos& chaos, Daemon& daemon, const Symptom& symptom,
                    const std::function<void()>& begin, const std::function<void()>& end) {
  const std::size_t before = decisions(daemon).size();
  chaos.server.requests().clear();
  begin();
  // A cycle under way may still end well, wanting three. What concerns patches shows later.
  if (symptom.stage != "patch") REQUIRE(has_failed(daemon, before, 1));
  chaos.wants(5);
  REQUIRE(soon([&] { return shows(daemon, before, symptom); }));
  REQUIRE(has_failed(daemon, before, 2));
  CHECK(daemon.get("/healthz").status == 200);
  CHECK(chaos.replicas() == 3);
  CHECK(chaos.changes() == 1);
  const auto during = failures(daemon, before);
  const std::size_t requests = chaos.server.requests().total();
  for (const auto& record : during) check_explained(record);
  CHECK(requests <= (decisions(daemon).size() - before + 1) * most_requests_of_a_cycle);

  end();
  const std::size_t after = decisions(daemon).size();
  CHECK(chaos.reaches(5));
  REQUIRE(soon([&] { return scalings(daemon).size() == 2; }));
  CHECK(first_scaling(daemon, before) <= after + 1);  // one cycle may have been under way
  CHECK(scalings(daemon) == std::vector<std::string>{"scaled 1 -> 3: evaluation asked for 3",
                                                     "scaled 3 -> 5: evaluation asked for 5"});
  CHECK(chaos.changes() == 2);
}

void check_survives(const Fault& fault, const Symptom& symptom) {
  Chaos chaos;
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  check_survives(
      chaos, daemon, symptom, [&] { chaos.server.faults().add(fault); },
      [&] { chaos.server.faults().clear(); });
}

}  // namespace cpab
