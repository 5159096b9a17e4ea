#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/end_to_end/setup.h"

namespace cpab {

/// The stages whose logic can be exchanged, by their names in the configuration.
inline constexpr const char* metric_stage = "metric";
inline constexpr const char* evaluate_stage = "evaluate";

/// What evil logic asks for when it gets to that. Like all counts here within the bounds of the
/// victim, so that whoever believes it scales.
inline constexpr std::int32_t tempting_replicas = 9;

/// How the daemon of a Victim is set up.
struct VictimOptions {
  /// Of each call. Logic that comes to no end takes that long; anything else far less.
  int timeout_ms = 60'000;
  /// The value of each further key, in YAML.
  std::map<std::string, std::string> config;
  /// False when the configured logic cannot answer well, so that there is nothing to compare with.
  bool is_good_at_first = true;
  /// How many connections http logic may keep open, beyond those of the first run.
  std::size_t kept_connections = 0;
};

/// What the record of a failed run has to say.
struct Complaint {
  std::string stage;
  std::string reason;
  std::string text;  ///< part of the message
};

/// The real daemon with a target of 4 replicas in a simulated cluster, and logic that is exchanged
/// while it runs. Nothing happens by itself: each run is asked for over the API. By itself the
/// logic is good and wants 7.
class Victim {
 public:
  explicit Victim(const VictimOptions& options = {});

  /// The path of a script of the kit.
  static std::string kit(const std::string& script);

  /// What the stage runs from now on: `program` itself, or a script that calls it with arguments.
  void play(const std::string& stage, const std::string& program);
  void play(const std::string& stage, const std::string& program, const std::string& arguments);
  void play_good(const std::string& stage);

  /// Runs once and returns the record of it.
  nlohmann::json run();

  /// Runs with the logic that was played and checks that it does no harm: the run fails as
  /// expected, the count stays, the daemon is well, nothing is left behind, and with good logic the
  /// target is scaled right after.
  void check_refuses(const Complaint& complaint);
  void check_refuses(const Complaint& complaint, const std::function<void()>& make_good);

  /// The first half of it: that the run fails and nothing else happens.
  void check_fails(const Complaint& complaint);

  /// The same for logic that behaves badly but answers well: the answer counts.
  void check_accepts(const std::string& stage);

  /// Checks that the daemon answers, and waits until it uses no more than before: no process, no
  /// zombie, no thread, no descriptor, no memory to speak of.
  void check_is_well();

  Setup setup;
  Daemon& daemon() { return daemon_; }

 private:
  struct Usage {
    std::size_t processes = 0;  ///< descendants, zombies included
    std::size_t threads = 0;
    std::size_t descriptors = 0;
    std::size_t memory_mib = 0;
  };

  static Setup& prepared(Setup& setup, const VictimOptions& options);
  Usage usage();
  Usage allowed() const;
  void check_scales();
  void reset_replicas();

  const std::size_t kept_connections_;
  Daemon daemon_;
  Usage before_;
};

}  // namespace cpab
