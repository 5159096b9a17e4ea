#include "cpab/io/worker_pool.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using namespace cpab;
using namespace std::chrono_literals;

namespace {

template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 2000 && !condition(); ++i) std::this_thread::sleep_for(5ms);
  return condition();
}

}  // namespace

TEST_CASE("worker pool: threads come with the work, up to the limit", "[io]") {
  std::atomic<bool> go{false};
  std::atomic<int> running{0};
  WorkerPool pool(2);  // last: its threads use the others
  CHECK(pool.threads() == 0);

  for (int i = 0; i < 5; ++i) {
    pool.submit([&] {
      ++running;
      while (!go) std::this_thread::sleep_for(1ms);
    });
  }

  CHECK(eventually([&] { return running == 2; }));
  CHECK(pool.threads() == 2);
  go = true;
  CHECK(eventually([&] { return running == 5; }));
}

TEST_CASE("worker pool: a free thread is used before another is started", "[io]") {
  WorkerPool pool(8);
  std::atomic<int> done{0};

  for (int i = 1; i <= 5; ++i) {
    pool.submit([&] { ++done; });
    CHECK(eventually([&] { return done == i; }));
    std::this_thread::sleep_for(5ms);  // lets the thread get back to waiting
  }

  CHECK(pool.threads() <= 2);
}

TEST_CASE("worker pool: threads without work end, and come again", "[io]") {
  WorkerPool pool(4, 10ms);
  std::atomic<int> done{0};

  pool.submit([&] { ++done; });
  CHECK(eventually([&] { return pool.threads() == 0; }));
  pool.submit([&] { ++done; });

  CHECK(eventually([&] { return done == 2; }));
}

TEST_CASE("worker pool: finishing runs what was submitted and takes no more", "[io]") {
  std::atomic<int> done{0};
  WorkerPool pool(1);
  for (int i = 0; i < 10; ++i) {
    pool.submit([&] {
      std::this_thread::sleep_for(1ms);
      ++done;
    });
  }

  pool.finish();

  CHECK(done == 10);
  CHECK_FALSE(pool.submit([&] { ++done; }));
  CHECK(done == 10);
}
