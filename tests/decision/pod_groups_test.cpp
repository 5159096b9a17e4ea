#include "cpab/decision/pod_groups.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace cpab {
namespace {

using std::chrono::seconds;

const Instant start{1'700'000'000, 0};
const StartupRules rules{start, seconds(300), seconds(30)};  // tests set `now`

enum class Group { ready, unready, missing, ignored };

/// A running pod, started at `start`, ready since `ready_after` later.
PodFacts running(const std::string& ready, seconds ready_after = seconds(0)) {
  return {"a", "Running", false, start, ReadyCondition{ready, start + ready_after}, {}};
}

struct At {
  seconds now;
  seconds sample = now;  ///< the metric's time
};

/// Which group the pod is in when its sample covers 30 s.
Group group_of(const PodFacts& pod, At at, const std::string& resource = "cpu") {
  StartupRules at_now = rules;
  at_now.now = start + at.now;
  const PodMetrics metrics{{"a", {start + at.sample, seconds(30), 1}}};
  const PodGroups groups = classify_pods({pod}, metrics, resource, at_now);
  if (groups == PodGroups{1, {}, {}, {}}) return Group::ready;
  if (groups == PodGroups{0, {"a"}, {}, {}}) return Group::unready;
  if (groups == PodGroups{0, {}, {"a"}, {}}) return Group::missing;
  REQUIRE(groups == PodGroups{0, {}, {}, {"a"}});
  return Group::ignored;
}

PodFacts with_phase(const std::string& phase) {
  PodFacts pod = running("True");
  pod.phase = phase;
  return pod;
}

TEST_CASE("classify_pods: deleted and failed pods are ignored", "[decision][contract-52]") {
  PodFacts deleted = running("True");
  deleted.deleted = true;
  PodFacts deleted_pending = with_phase("Pending");
  deleted_pending.deleted = true;

  CHECK(group_of(deleted, {seconds(1000)}) == Group::ignored);
  CHECK(group_of(deleted_pending, {seconds(1000)}) == Group::ignored);
  CHECK(group_of(with_phase("Failed"), {seconds(1000)}) == Group::ignored);
}

TEST_CASE("classify_pods: pending pods are unready, for every resource",
          "[decision][contract-52]") {
  CHECK(group_of(with_phase("Pending"), {seconds(1000)}) == Group::unready);
  CHECK(group_of(with_phase("Pending"), {seconds(1000)}, "memory") == Group::unready);
  CHECK(classify_pods({with_phase("Pending")}, {}, "cpu", rules) == PodGroups{0, {"a"}, {}, {}});
}

TEST_CASE("classify_pods: pods without a metric are missing", "[decision][contract-52]") {
  CHECK(classify_pods({running("True")}, {}, "cpu", rules) == PodGroups{0, {}, {"a"}, {}});
  CHECK(classify_pods({running("True")}, {{"b", {}}}, "memory", rules) ==
        PodGroups{0, {}, {"a"}, {}});
}

TEST_CASE("classify_pods: a pod that says nothing about its readiness is starting",
          "[decision][contract-52]") {
  PodFacts no_condition = running("True");
  no_condition.ready.reset();
  PodFacts no_start = running("True");
  no_start.start_time.reset();

  CHECK(group_of(no_condition, {seconds(1000)}) == Group::unready);
  CHECK(group_of(no_start, {seconds(1000)}) == Group::unready);
  CHECK(group_of(no_condition, {seconds(1000)}, "memory") == Group::ready);
  CHECK(group_of(no_start, {seconds(1000)}, "") == Group::ready);
}

TEST_CASE("classify_pods: while a pod initializes, its sample has to follow its readiness",
          "[decision][contract-52]") {
  const PodFacts ready_at_10 = running("True", seconds(10));

  CHECK(group_of(ready_at_10, {seconds(100), seconds(39)}) == Group::unready);
  CHECK(group_of(ready_at_10, {seconds(100), seconds(40)}) == Group::ready);  // the window's edge
  CHECK(group_of(running("False", seconds(10)), {seconds(100)}) == Group::unready);
  CHECK(group_of(running("Unknown", seconds(10)), {seconds(100)}) == Group::ready);
  CHECK(group_of(running("False", seconds(10)), {seconds(100)}, "memory") == Group::ready);
}

TEST_CASE("classify_pods: the initialization period has an end", "[decision][contract-52]") {
  const PodFacts unready_since_200 = running("False", seconds(200));

  CHECK(group_of(unready_since_200, {seconds(299)}) == Group::unready);
  CHECK(group_of(unready_since_200, {seconds(300)}) == Group::ready);  // its edge
  // After it, old samples do not matter any more.
  CHECK(group_of(running("True", seconds(290)), {seconds(300), seconds(1)}) == Group::ready);
}

TEST_CASE("classify_pods: after it, only a pod that never was ready is starting",
          "[decision][contract-52]") {
  CHECK(group_of(running("False", seconds(29)), {seconds(1000)}) == Group::unready);
  CHECK(group_of(running("False", seconds(30)), {seconds(1000)}) == Group::ready);  // the edge
  CHECK(group_of(running("False", seconds(500)), {seconds(1000)}) == Group::ready);
  CHECK(group_of(running("True", seconds(29)), {seconds(1000)}) == Group::ready);
  CHECK(group_of(running("Unknown", seconds(29)), {seconds(1000)}) == Group::ready);
}

TEST_CASE("classify_pods: other phases count", "[decision][contract-52]") {
  StartupRules as_hpa = rules;
  as_hpa.parity = Parity::current;
  as_hpa.now = start + seconds(1000);
  const PodMetrics metrics{{"a", {as_hpa.now, seconds(30), 1}}};
  CHECK(classify_pods({with_phase("Succeeded")}, metrics, "cpu", as_hpa) ==
        PodGroups{1, {}, {}, {}});
  CHECK(classify_pods({with_phase("Succeeded")}, {}, "cpu", as_hpa) == PodGroups{0, {}, {"a"}, {}});
  CHECK(group_of(with_phase("Unknown"), {seconds(1000)}) == Group::ready);
}

TEST_CASE("classify_pods: without parity a pod that succeeded is as one that failed",
          "[decision]") {
  CHECK(group_of(with_phase("Succeeded"), {seconds(1000)}) == Group::ignored);
  CHECK(classify_pods({with_phase("Succeeded")}, {}, "memory", rules) ==
        PodGroups{0, {}, {}, {"a"}});
}

TEST_CASE("ended_pods: those that are deleted or finished", "[decision]") {
  std::vector<PodFacts> pods;
  for (const char* phase : {"Running", "Pending", "Succeeded", "Failed", "Unknown"}) {
    pods.push_back(with_phase(phase));
    pods.back().name = phase;
  }
  pods.push_back(running("True"));
  pods.back().name = "deleted";
  pods.back().deleted = true;
  CHECK(ended_pods(pods, Parity::none) == std::set<std::string>{"Failed", "Succeeded", "deleted"});
  CHECK(ended_pods(pods, Parity::current) == std::set<std::string>{"Failed", "deleted"});
}

TEST_CASE("classify_pods: the order of the pods does not matter", "[decision]") {
  std::vector<PodFacts> pods;
  PodMetrics metrics;
  for (const char* name : {"b", "d", "a", "f", "c", "e", "a"}) {
    pods.push_back(running("True"));
    pods.back().name = name;
    if (*name != 'c' && *name != 'f') metrics[name] = {start, seconds(30), 1};
  }
  const PodGroups expected{5, {}, {"c", "f"}, {}};

  CHECK(classify_pods(pods, metrics, "memory", rules) == expected);
  std::sort(pods.begin(), pods.end(), [](auto& a, auto& b) { return a.name < b.name; });
  CHECK(classify_pods(pods, metrics, "memory", rules) == expected);
  std::reverse(pods.begin(), pods.end());
  CHECK(classify_pods(pods, metrics, "memory", rules) == expected);
}

TEST_CASE("PodGroups: empty when there are no pods", "[decision]") {
  CHECK(PodGroups{}.empty());
  CHECK_FALSE(PodGroups{1, {}, {}, {}}.empty());
  CHECK_FALSE(PodGroups{0, {"a"}, {}, {}}.empty());
  CHECK_FALSE(PodGroups{0, {}, {"a"}, {}}.empty());
  CHECK_FALSE(PodGroups{0, {}, {}, {"a"}}.empty());
}

TEST_CASE("ready_pod_count: running and ready", "[decision][contract-55]") {
  PodFacts no_condition = running("True");
  no_condition.ready.reset();
  PodFacts deleted = running("True");
  deleted.deleted = true;

  CHECK(ready_pod_count({running("True"), running("False"), running("Unknown"), no_condition,
                         with_phase("Pending"), with_phase("Succeeded"), deleted}) == 2);
  CHECK(ready_pod_count({}) == 0);
}

}  // namespace
}  // namespace cpab
