#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cpab/config/config.h"
#include "cpab/model/time.h"
#include "cpab/pipeline/override_json.h"

namespace cpab {

/// What is true at the moment somebody asks.
struct StatusMoment {
  WallTime now{};
  std::optional<WallTime> next_cycle;  ///< none: not planned yet, or one is under way
  std::uint64_t last_decision = 0;     ///< its id; 0 before the first
  bool healthy = true;
  bool ready = false;  ///< the target and its scale have been read
  Mode mode = Mode::active;
  std::optional<Override> manual;
  bool survives_restart = false;  ///< an override does

  /// What whoever asks may do, and whether more with a token or a certificate.
  bool may_run_dry = false;
  bool may_run = false;
  bool authentication_helps = false;
  std::optional<std::string> page_denied;  ///< why their web page may not, whatever is configured
};

/// What `GET /api/v1/status` answers (docs/api.md): who this autoscaler is and how it is, without
/// anything that may be secret. Safe to use from several threads.
class Status {
 public:
  Status(const Config& config, WallTime started);

  /// As JSON.
  std::string json(const StatusMoment& moment) const;

 private:
  const std::string fixed_;  // the members that never change, as the beginning of an object
};

}  // namespace cpab
