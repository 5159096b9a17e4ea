#include "cpab/simulation/rollout.h"

#include <catch2/catch.hpp>

#include "tests/simulation/api_fixture.h"

using namespace cpab;

namespace {

RolloutLimits limits(const std::string& strategy, std::int64_t wanted) {
  return rollout_limits(Json().set("/spec/strategy", Json::parse(strategy)), wanted);
}

constexpr const char* other_image =
    R"({"spec":{"template":{"spec":{"containers":[{"name":"main","image":"new"}]}}}})";

}  // namespace

TEST_CASE("rollout: the limits are counts or shares", "[simulation]") {
  const auto shares = limits(R"({"rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}})", 10);
  CHECK(shares.surge == 3);
  CHECK(shares.unavailable == 2);
  const auto counts = limits(R"({"rollingUpdate":{"maxSurge":0,"maxUnavailable":4}})", 10);
  CHECK(counts.surge == 0);
  CHECK(counts.unavailable == 4);
  CHECK(limits(R"({"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}})", 10).unavailable == 1);
  CHECK(limits(R"({"type":"Recreate"})", 10).recreate);
}

TEST_CASE("rollout: each step keeps within the limits", "[simulation]") {
  const RolloutLimits one_more{false, 1, 0};
  const RolloutLimits one_less{false, 0, 1};
  const RolloutLimits recreate{true, 0, 0};

  CHECK(next_rollout_step(one_more, 3, {}, {}) == RolloutStep{3, {}});
  CHECK(next_rollout_step(one_more, 3, {}, {{3, 3, true}}) == RolloutStep{1, {3}});
  CHECK(next_rollout_step(one_more, 3, {1, 0, true}, {{3, 3, true}}) == RolloutStep{1, {3}});
  CHECK(next_rollout_step(one_more, 3, {1, 1, true}, {{3, 3, true}}) == RolloutStep{1, {2}});
  CHECK(next_rollout_step(one_more, 3, {3, 3, true}, {{1, 1, true}}) == RolloutStep{3, {0}});
  CHECK(next_rollout_step(one_less, 3, {}, {{3, 3, true}}) == RolloutStep{0, {2}});
  CHECK(next_rollout_step(one_less, 3, {}, {{2, 2, true}}) == RolloutStep{1, {2}});
  CHECK(next_rollout_step(one_less, 3, {}, {{3, 0, true}}) == RolloutStep{0, {2}});
  CHECK(next_rollout_step(one_less, 2, {5, 5, true}, {}) == RolloutStep{2, {}});
  CHECK(next_rollout_step(recreate, 3, {}, {{3, 3, true}}) == RolloutStep{0, {0}});
  CHECK(next_rollout_step(recreate, 3, {}, {{0, 0, false}}) == RolloutStep{3, {0}});
}

TEST_CASE("rollout: a Deployment replaces its pods little by little", "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_deployment({.replicas = 4});
  api.settle();

  api.patch(web, "strategic-merge", other_image);

  std::int64_t rounds = 0;
  for (; rounds < 100; ++rounds) {
    const auto status = api.get_json(web).at("/status");
    CHECK(status.integer_at("/replicas").value_or(0) <= 5);
    CHECK(status.integer_at("/availableReplicas").value_or(0) >= 3);
    if (status.string_at("/conditions/1/reason") == "NewReplicaSetAvailable") break;
    api.clock.advance(std::chrono::milliseconds(500));
  }
  CHECK(rounds > 4);
  CHECK(rounds < 100);
  CHECK(api.cluster.view(target) == WorkloadView{4, 4, 4});
  CHECK(api.get_json(web).integer_at("/status/updatedReplicas") == 4);
}

TEST_CASE("rollout: Recreate ends the old pods before it begins new ones", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.replicas = 2});
  api.patch(web, "merge", R"({"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}})");
  api.settle();

  api.patch(web, "strategic-merge", other_image);

  CHECK(api.get_json(web).integer_at("/status/updatedReplicas") == std::nullopt);
  CHECK(api.get_json("/api/v1/pods").elements_at("/items").size() == 2);
  api.clock.advance(std::chrono::seconds(1));
  CHECK(api.get_json(web).integer_at("/status/updatedReplicas") == 2);
  api.settle();
  CHECK(api.get_json("/api/v1/pods").elements_at("/items").size() == 2);
}
