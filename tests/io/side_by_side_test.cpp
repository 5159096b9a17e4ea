#include "cpab/io/side_by_side.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <latch>
#include <stdexcept>
#include <string>
#include <vector>

using namespace cpab;

TEST_CASE("side_by_side: every index once, in order on one thread", "[io]") {
  std::vector<std::size_t> order;
  side_by_side(4, 1, [&](std::size_t index) { order.push_back(index); });
  CHECK(order == std::vector<std::size_t>{0, 1, 2, 3});
  side_by_side(0, 8, [](std::size_t) { FAIL("there is nothing to do"); });
}

TEST_CASE("side_by_side: as many at a time as allowed", "[io]") {
  std::latch all(3);
  std::atomic<int> done{0};
  side_by_side(3, 8, [&](std::size_t) {
    all.arrive_and_wait();  // ends only when all three run at the same time
    ++done;
  });
  CHECK(done == 3);
}

TEST_CASE("side_by_side: the first failure is thrown and begins nothing new", "[io]") {
  std::vector<std::size_t> begun;
  CHECK_THROWS_WITH(side_by_side(5, 1,
                                 [&](std::size_t index) {
                                   begun.push_back(index);
                                   if (index == 2) throw std::runtime_error("two");
                                 }),
                    "two");
  CHECK(begun == std::vector<std::size_t>{0, 1, 2});

  std::latch both(2);
  CHECK_THROWS_WITH(side_by_side(2, 2,
                                 [&](std::size_t index) {
                                   both.arrive_and_wait();
                                   throw std::runtime_error(std::to_string(index));
                                 }),
                    "0");
}
