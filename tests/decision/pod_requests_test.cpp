#include "cpab/decision/pod_requests.h"

#include <catch2/catch.hpp>

namespace cpab {
namespace {

/// A pod whose containers request so much CPU each.
PodFacts pod_of(std::initializer_list<std::int64_t> cpu) {
  PodFacts pod;
  pod.name = "a";
  for (const std::int64_t request : cpu) {
    pod.containers.push_back(
        {"c" + std::to_string(pod.containers.size()), {{"cpu", request}, {"memory", 7}}});
  }
  return pod;
}

PodFacts with_init(PodFacts pod, std::int64_t cpu, bool sidecar) {
  pod.init_containers.push_back(
      {{"i" + std::to_string(pod.init_containers.size()), {{"cpu", cpu}}}, sidecar});
  return pod;
}

PodFacts with_own(PodFacts pod, const ResourceAmounts& requests) {
  pod.requests = requests;
  return pod;
}

std::int64_t request_of(const PodFacts& pod, const RequestOf& wanted) {
  return pod_requests({pod}, wanted).at("a");
}

std::string error_of(const PodFacts& pod, const RequestOf& wanted) {
  try {
    pod_requests({pod}, wanted);
  } catch (const PodRequestError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("pod_requests: the sum over containers and sidecars", "[decision]") {
  const PodFacts pod = with_init(with_init(pod_of({100, 50}), 5, true), 900, false);

  CHECK(request_of(pod_of({100, 50}), {"cpu"}) == 150);
  CHECK(request_of(pod_of({100, 50}), {"memory"}) == 14);
  CHECK(request_of(pod, {"cpu"}) == 155);
  CHECK(pod_requests({}, {"cpu"}).empty());
}

TEST_CASE("pod_requests: of every pod, without parity not of those that have ended", "[decision]") {
  PodFacts failed = pod_of({20});
  failed.name = "failed";
  failed.phase = "Failed";
  PodFacts deleted = pod_of({10});
  deleted.name = "deleted";
  deleted.deleted = true;
  PodFacts succeeded = pod_of({});
  succeeded.containers = {{"c0", {}}};
  succeeded.phase = "Succeeded";
  PodFacts running = pod_of({30});
  running.name = "running";
  CHECK(pod_requests({failed, deleted, running}, {"cpu"}, Parity::current) ==
        PodRequests{{"deleted", 10}, {"failed", 20}, {"running", 30}});
  CHECK(pod_requests({failed, deleted, succeeded, running}, {"cpu"}) ==
        PodRequests{{"running", 30}});
  CHECK(pod_requests({succeeded, running}, {"cpu", "c0"}) == PodRequests{{"running", 30}});
  CHECK_THROWS_AS(pod_requests({succeeded}, {"cpu"}, Parity::current), PodRequestError);
}

TEST_CASE("pod_requests: of one container", "[decision]") {
  const PodFacts pod =
      with_own(with_init(with_init(pod_of({100, 50}), 5, true), 9, false), {{"cpu", 800}});

  CHECK(request_of(pod, {"cpu", "c1"}) == 50);
  CHECK(request_of(pod, {"cpu", "i0"}) == 5);
  CHECK(error_of(pod, {"cpu", "i1"}) == "container i1 not found in Pod a");
  CHECK(error_of(pod, {"cpu", "other"}) == "container other not found in Pod a");
}

TEST_CASE("pod_requests: a container without a request is an error", "[decision]") {
  PodFacts pod = pod_of({100, 50});
  pod.containers[1].requests.erase("cpu");

  CHECK(error_of(pod, {"cpu"}) == "missing request for cpu in container c1 of Pod a");
  CHECK(error_of(pod, {"cpu", "c1"}) == "missing request for cpu in container c1 of Pod a");
  CHECK(request_of(pod, {"cpu", "c0"}) == 100);
  CHECK(error_of(pod_of({1}), {"gpu"}) == "missing request for gpu in container c0 of Pod a");
}

TEST_CASE("pod_requests: a request of the whole pod takes precedence", "[decision]") {
  PodFacts pod = with_own(pod_of({100, 50}), {{"cpu", 800}});
  pod.containers[1].requests.erase("cpu");

  CHECK(request_of(pod, {"cpu"}) == 800);
  CHECK_THROWS_AS(request_of(pod, {"cpu", "", false}), PodRequestError);
  CHECK(request_of(with_own(pod_of({100}), {{"gpu", 1}}), {"cpu"}) == 100);
  CHECK(request_of(with_own(pod_of({1}), {{"hugepages-2Mi", 8}}), {"hugepages-2Mi"}) == 8);
}

TEST_CASE("pod_requests: what the whole pod does not name is what the scheduler reserves",
          "[decision]") {
  const PodFacts pod = with_own(pod_of({100, 50}), {{"memory", 1}});

  CHECK(request_of(pod, {"cpu"}) == 150);
  CHECK(request_of(with_init(pod, 200, false), {"cpu"}) == 200);
  CHECK(request_of(with_init(with_init(pod, 30, true), 160, false), {"cpu"}) == 190);
  CHECK(request_of(with_init(with_init(pod, 160, false), 30, true), {"cpu"}) == 180);
  CHECK(error_of(pod, {"gpu"}) == "missing pod-level request for gpu in Pod a");
}

TEST_CASE("pod_requests: overhead counts for pods with requests of their own only", "[decision]") {
  PodFacts pod = pod_of({100});
  pod.overhead = {{"cpu", 3}, {"memory", 4}};

  CHECK(request_of(pod, {"cpu"}) == 100);
  CHECK(request_of(with_own(pod, {{"cpu", 800}}), {"cpu"}) == 803);
  CHECK(request_of(with_own(pod, {{"cpu", 800}}), {"memory"}) == 11);
}

}  // namespace
}  // namespace cpab
