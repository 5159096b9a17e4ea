#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/decision/override.h"
#include "cpab/model/mode.h"
#include "cpab/model/scale_target.h"
#include "cpab/model/time.h"

namespace cpab {

/// What an autoscaler knows of one target, on the clock that goes on over restarts.
struct SavedState {
  struct Recommendation {
    WallTime time;
    std::int32_t replicas;

    friend bool operator==(const Recommendation&, const Recommendation&) = default;
  };
  struct Scaling {
    WallTime time;
    std::int32_t from;
    std::int32_t to;

    friend bool operator==(const Scaling&, const Scaling&) = default;
  };

  ScaleTarget target;
  std::string uid;  ///< of the object the first two lists are about; empty when it was not read yet
  WallTime saved{};
  std::vector<Recommendation> recommendations;  ///< oldest first
  std::vector<Scaling> scale_events;            ///< oldest first
  std::optional<Override> manual;
  Mode mode = Mode::active;

  friend bool operator==(const SavedState&, const SavedState&) = default;
};

/// Text that holds no state, or none that can be trusted. The message says why.
struct StateError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// No state is written or read that is larger.
inline constexpr std::size_t max_state_bytes = 1u << 20;

/// The content of a state file: one line of JSON, `{"version":1,"checksum":"crc32:...","state":
/// {...}}` (docs/state.md). The checksum is that of the text of `state`.
std::string encode_state(const SavedState& state);

/// The reverse. Keys of `state` that are not known are ignored, so that a later cpab may add some.
/// Throws StateError on everything that encode_state() has not written.
SavedState decode_state(std::string_view text);

}  // namespace cpab
