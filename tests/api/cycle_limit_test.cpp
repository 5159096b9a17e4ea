#include "cpab/api/cycle_limit.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace cpab;

TEST_CASE("cycle limit: gives so many places, and again what comes back", "[api]") {
  CycleLimit limit(2);
  auto first = limit.take();
  {
    const auto second = limit.take();
    CHECK(first.has_value());
    CHECK(second.has_value());
    CHECK_FALSE(limit.take().has_value());
  }
  const auto moved = std::move(first);
  const auto third = limit.take();
  CHECK(third.has_value());
  CHECK_FALSE(limit.take().has_value());
}

TEST_CASE("cycle limit: threads never have more places than there are", "[api]") {
  CycleLimit limit(3);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 1000; ++round) {
          const auto place = limit.take();
          if (!place) continue;
          const int now = ++inside;
          for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
          }
          --inside;
        }
      });
    }
  }
  CHECK(most <= 3);
  CHECK(most >= 1);
  const auto a = limit.take();
  const auto b = limit.take();
  const auto c = limit.take();
  CHECK(c.has_value());
  CHECK_FALSE(limit.take().has_value());
}
