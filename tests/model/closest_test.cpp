#include "cpab/model/closest.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cpab;

TEST_CASE("closest: finds what was meant", "[model]") {
  const std::vector<std::string> keys = {"interval", "minReplicas", "maxReplicas", "metric"};

  CHECK(closest("intervall", keys) == "interval");
  CHECK(closest("intreval", keys) == "interval");
  CHECK(closest("minreplica", keys) == "minReplicas");
  CHECK(closest("metrics", keys) == "metric");
  CHECK(closest("foo", keys) == std::nullopt);
  CHECK(closest("", keys) == std::nullopt);
  CHECK(closest(std::string(1'000'000, 'x'), keys) == std::nullopt);
}
