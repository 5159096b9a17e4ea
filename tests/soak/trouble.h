#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "cpab/io/http_server.h"
#include "cpab/simulation/faults.h"

namespace cpab {

/// User logic that answers a random number of replicas, or is one of tests/evil/logic: the text of
/// a script for /bin/sh. One call in `evil_in` is evil, nearly.
std::string random_logic(int evil_in);

/// User logic behind HTTP that answers, refuses, dawdles, floods and hangs up.
class RandomHttpLogic {
 public:
  RandomHttpLogic();

  std::string url() const;

 private:
  ServerResponse answer();

  std::atomic<unsigned> calls_{0};
  std::unique_ptr<HttpServer> server_;
};

/// Has an API server fail in one way after the other, with pauses in which all is well.
class FaultInjector {
 public:
  /// `faults` outlives it. Stops when destroyed.
  explicit FaultInjector(Faults& faults);
  ~FaultInjector();

  int injected() const { return injected_; }

 private:
  void run(const std::stop_token& stop);

  Faults& faults_;
  std::atomic<int> injected_{0};
  std::jthread thread_;
};

/// Clients of the daemon's API: sensible ones, confused ones, and some that hang up.
class ApiClients {
 public:
  explicit ApiClients(std::uint16_t port);
  ~ApiClients();

  int answers() const { return answers_; }
  int unhealthy() const { return unhealthy_; }  ///< answers of /healthz other than 200

 private:
  void run(const std::stop_token& stop, unsigned seed);
  void call(unsigned choice);
  void hang_up() const;

  const std::uint16_t port_;
  std::atomic<int> answers_{0};
  std::atomic<int> unhealthy_{0};
  std::vector<std::jthread> threads_;
};

}  // namespace cpab
