#include "cpab/kubernetes/coalescing_cluster.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <thread>

namespace cpab {
namespace {

/// A clock that only moves when told, whoever waits; and that knows how many wait.
class HeldClock : public Clock {
 public:
  TimePoint now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  WallTime wall_now() const override { return {}; }

  bool wait_until(TimePoint deadline, std::stop_token stop) override {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, stop, [&] { return now_ >= deadline; });
    --waiting_;
    return now_ >= deadline;
  }

  void advance(Duration by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
    changed_.notify_all();
  }

  void await_waiting(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ == count; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  TimePoint now_{std::chrono::hours(1)};
  int waiting_ = 0;
};

/// A cluster whose reads last until they are let go. Each returns a count of its own.
class HeldCluster : public Cluster {
 public:
  Resource target(const ScaleTarget& target, const Budget& budget) override {
    return {target.name, std::to_string(hold(budget)), "{}"};
  }
  Scale scale(const ScaleTarget&, const Budget& budget) override {
    Scale scale;
    scale.spec_replicas = hold(budget);
    return scale;
  }
  std::vector<Resource> pods(const std::string&, const std::string&,
                             const Budget& budget) override {
    return {{std::to_string(hold(budget)), "", "{}"}};
  }
  Scale set_replicas(const ScaleTarget&, const Scale& observed, std::int32_t replicas,
                     const Budget&) override {
    Scale scale = observed;
    scale.spec_replicas = replicas;
    return scale;
  }

  /// Returns when `count` reads have begun.
  void await_reads(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= count; });
  }

  /// Ends the read number `number`; with `error` it fails.
  void let_go(int number, bool error = false) {
    const std::lock_guard lock(mutex_);
    (error ? failed_ : done_).insert(number);
    changed_.notify_all();
  }

  int begun() {
    const std::lock_guard lock(mutex_);
    return begun_;
  }
  int most_at_once() {
    const std::lock_guard lock(mutex_);
    return most_;
  }

 private:
  int hold(const Budget& budget) {
    std::unique_lock lock(mutex_);
    const int number = ++begun_;
    most_ = std::max(most_, ++running_);
    changed_.notify_all();
    changed_.wait(lock, budget.stop,
                  [&] { return done_.count(number) + failed_.count(number) > 0; });
    --running_;
    if (budget.stop.stop_requested()) throw KubernetesError(0, "stopped");
    if (failed_.count(number) > 0) throw KubernetesError(503, "read " + std::to_string(number));
    return number;
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  int begun_ = 0;
  int running_ = 0;
  int most_ = 0;
  std::set<int> done_;
  std::set<int> failed_;
};

const ScaleTarget web{"apps/v1", "Deployment", "web", "prod"};

struct Script {
  HeldClock clock;
  HeldCluster held;
  CoalescingCluster cluster{held, clock};

  /// Reads the scale on a thread of its own: which read it was that answered.
  std::future<std::int32_t> read(Budget budget = {}) {
    return std::async(std::launch::async,
                      [this, budget] { return cluster.scale(web, budget).replicas(); });
  }
};

TEST_CASE("CoalescingCluster: a lone caller reads for itself", "[kubernetes]") {
  Script script;
  script.held.let_go(1);
  script.held.let_go(2);
  script.held.let_go(3);

  CHECK(script.cluster.scale(web, {}).spec_replicas == 1);
  CHECK(script.cluster.target(web, {}) == Resource{"web", "2", "{}"});
  CHECK(script.cluster.pods("prod", "app=web", {}) == std::vector<Resource>{{"3", "", "{}"}});
}

TEST_CASE("CoalescingCluster: who comes during a read shares the next one", "[kubernetes]") {
  Script script;
  auto first = script.read();
  script.held.await_reads(1);
  std::vector<std::future<std::int32_t>> others;
  for (int i = 0; i < 8; ++i) others.push_back(script.read());
  script.clock.await_waiting(8);

  script.held.let_go(1);
  CHECK(first.get() == 1);
  script.held.await_reads(2);
  script.held.let_go(2);

  for (auto& other : others) CHECK(other.get() == 2);
  CHECK(script.held.begun() == 2);
}

TEST_CASE("CoalescingCluster: who comes during the second read waits for the third",
          "[kubernetes]") {
  Script script;
  auto first = script.read();
  script.held.await_reads(1);
  auto second = script.read();
  script.clock.await_waiting(1);
  script.held.let_go(1);
  script.held.await_reads(2);
  auto third = script.read();
  script.clock.await_waiting(1);
  script.held.let_go(2);
  script.held.await_reads(3);
  script.held.let_go(3);

  CHECK(first.get() == 1);
  CHECK(second.get() == 2);
  CHECK(third.get() == 3);
}

TEST_CASE("CoalescingCluster: reads of different things do not wait for each other",
          "[kubernetes]") {
  Script script;
  auto first = script.read();
  script.held.await_reads(1);
  ScaleTarget other = web;
  other.name = "other";
  auto second =
      std::async(std::launch::async, [&] { return script.cluster.scale(other, {}).replicas(); });
  script.held.await_reads(2);
  script.held.let_go(2);
  CHECK(second.get() == 2);
  script.held.let_go(1);
  CHECK(first.get() == 1);
}

TEST_CASE("CoalescingCluster: a failure is shared, and not kept", "[kubernetes]") {
  Script script;
  auto first = script.read();
  script.held.await_reads(1);
  auto second = script.read();
  auto third = script.read();
  script.clock.await_waiting(2);
  script.held.let_go(1, true);
  script.held.await_reads(2);
  script.held.let_go(2, true);
  script.held.let_go(3);

  CHECK_THROWS_WITH(first.get(), "read 1");
  CHECK_THROWS_WITH(second.get(), "read 2");
  CHECK_THROWS_WITH(third.get(), "read 2");
  CHECK(script.cluster.scale(web, {}).spec_replicas == 3);
}

TEST_CASE("CoalescingCluster: who waits can be stopped, without harm to the others",
          "[kubernetes]") {
  Script script;
  std::stop_source stop;
  auto first = script.read();
  script.held.await_reads(1);
  auto stopped = script.read({TimePoint::max(), stop.get_token()});
  auto other = script.read();
  script.clock.await_waiting(2);

  stop.request_stop();
  CHECK_THROWS_WITH(stopped.get(), "no time left for reading from the API server");
  script.held.let_go(1);
  script.held.let_go(2);
  CHECK(first.get() == 1);
  CHECK(other.get() == 2);
}

TEST_CASE("CoalescingCluster: who waits gives up at its own deadline", "[kubernetes]") {
  Script script;
  auto first = script.read();
  script.held.await_reads(1);
  auto hurried = script.read({script.clock.now() + std::chrono::seconds(5), {}});
  auto patient = script.read({script.clock.now() + std::chrono::seconds(50), {}});
  script.clock.await_waiting(2);

  script.clock.advance(std::chrono::seconds(5));
  CHECK_THROWS_AS(hurried.get(), KubernetesError);
  script.held.let_go(1);
  script.held.let_go(2);
  CHECK(first.get() == 1);
  CHECK(patient.get() == 2);
}

TEST_CASE("CoalescingCluster: when the one who reads is stopped, another takes over",
          "[kubernetes]") {
  Script script;
  std::stop_source stop;
  auto first = script.read();
  script.held.await_reads(1);
  auto reader = script.read({TimePoint::max(), stop.get_token()});
  script.clock.await_waiting(1);  // so it is the first in line
  auto other = script.read();
  script.clock.await_waiting(2);
  script.held.let_go(1);
  script.held.await_reads(2);
  script.clock.await_waiting(1);

  stop.request_stop();

  CHECK_THROWS_WITH(reader.get(), "stopped");
  script.held.await_reads(3);
  script.held.let_go(3);
  CHECK(other.get() == 3);
  CHECK(first.get() == 1);
}

TEST_CASE("CoalescingCluster: writes go straight through", "[kubernetes]") {
  Script script;
  auto reading = script.read();
  script.held.await_reads(1);

  CHECK(script.cluster.set_replicas(web, {}, 5, {}).spec_replicas == 5);
  script.held.let_go(1);
  CHECK(reading.get() == 1);
}

TEST_CASE("CoalescingCluster: a crowd of callers never has two reads at once", "[kubernetes]") {
  Script script;
  for (int i = 1; i <= 4000; ++i) script.held.let_go(i);
  std::atomic<int> stale = 0;
  {
    std::vector<std::jthread> crowd;
    for (int i = 0; i < 8; ++i) {
      crowd.emplace_back([&] {
        for (int n = 0; n < 500; ++n) {
          const int begun_before = script.held.begun();
          if (script.cluster.scale(web, {}).replicas() <= begun_before) ++stale;
        }
      });
    }
  }
  CHECK(script.held.most_at_once() == 1);
  CHECK(stale == 0);
  CHECK(script.held.begun() <= 4000);
}

}  // namespace
}  // namespace cpab
