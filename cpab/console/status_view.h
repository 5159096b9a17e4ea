#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cpab {

/// `GET /api/v1/status` as far as it is shown in a terminal. What is missing is empty.
struct StatusView {
  std::string version;
  std::string started_at;
  std::string target;  ///< `Deployment default/shop`
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  std::int64_t interval_ms = 0;
  std::string now;
  std::string mode;           ///< empty: the daemon knows only one
  std::string override_text;  ///< `paused until 2026-01-31T18:00:00.000Z by alice: release`
  std::uint64_t last_decision = 0;
  bool healthy = true;
  bool ready = true;

  friend bool operator==(const StatusView&, const StatusView&) = default;
};

/// Throws NotFromCpab.
StatusView parse_status(std::string_view json);

}  // namespace cpab
