#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/end_to_end/setup.h"
#include "tests/fakes/tcp_proxy.h"

namespace cpab {

/// A daemon that bad things happen to. It reaches the API server through a proxy that can break
/// connections, and its user logic asks for whatever the test says, three at first.
class Chaos : public Setup {
 public:
  explicit Chaos(const SimulatedApiServerOptions& server_options = {});

  /// The URL of the API server by way of the proxy.
  std::string proxied_url() const;

  /// What user logic asks for from now on.
  void wants(std::int32_t replicas) const;

  /// Waits until the daemon has scaled the target from 1 to 3.
  void settle(Daemon& daemon);

  /// How often anybody has changed the target's spec since it was made.
  std::int64_t changes();

  TcpProxy proxy;
};

/// How a fault shows in a decision record.
struct Symptom {
  std::string stage;    ///< that fails
  std::string message;  ///< a part of the failure's message
};

/// Lets a fault begin and end while user logic asks for five, and checks what holds for all faults
/// that last: the daemon is alive, cycles fail and say why, nothing is written, the API server is
/// not flooded, and the first cycle that begins afterwards scales, with one write.
void check_survives(Chaos& chaos, Daemon& daemon, const Symptom& symptom,
                    const std::function<void()>& begin, const std::function<void()>& end);

/// check_survives() for a fault of the API server's answers.
void check_survives(const Fault& fault, const Symptom& symptom);

/// Waits for so many failed cycles after the first `after` records.
bool has_failed(Daemon& daemon, std::size_t after, std::size_t count);

/// The messages of the records that wrote a count.
std::vector<std::string> scalings(Daemon& daemon);

/// Whether a failed record from `after` on has this symptom.
bool shows(Daemon& daemon, std::size_t after, const Symptom& symptom);

}  // namespace cpab
