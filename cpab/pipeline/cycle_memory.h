#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "cpab/decision/behavior.h"
#include "cpab/decision/bounds.h"
#include "cpab/decision/override.h"
#include "cpab/decision/parity.h"
#include "cpab/decision/scale_events.h"
#include "cpab/decision/stabilization.h"
#include "cpab/io/clock.h"
#include "cpab/model/scale_target.h"
#include "cpab/pipeline/saved_state.h"
#include "cpab/pipeline/state_file.h"

namespace cpab {

/// What is carried from one cycle to the next, and over restarts when there is a state file:
/// recommendations, scale events, and the override of a person. Safe to use from any thread;
/// nothing but save() and what says so waits for the disk.
///
/// Recommendations and events are about one object, known by its UID, and forgotten when the target
/// is made anew. An override is about the name, and stays.
class CycleMemory {
 public:
  struct Settings {
    ScaleTarget target;
    Bounds bounds;
    std::chrono::seconds window{0};    ///< the longest that recommendations count
    std::optional<Behavior> behavior;  ///< whose policies ask for the events
    Parity parity = Parity::none;      ///< whether events are kept as in the HPA controller
    Mode mode = Mode::active;          ///< as configured
    std::string path;                  ///< of the state file; empty = none
  };

  /// Reads the state file. One that cannot be used is warned of and ignored; the first decision
  /// then finds no recommendations and begins its window with the current count.
  CycleMemory(Settings settings, Clock& clock);

  /// What a scale-down of the object `uid` has to respect. The first call after the start settles
  /// whether what was saved is about this object and recent enough; if not it warns.
  RecommendationHistory recommendations(const std::string& uid);

  /// What the policies have to reckon with for the object `uid`.
  ScaleEventHistory scale_events(const std::string& uid);

  /// Replaces what is known of the recommendations, and with another `uid` forgets the events.
  void remember(const std::string& uid, const RecommendationHistory& recommendations);

  /// A run came to no recommendation.
  void interrupt();

  /// A new count was written for the object of the last remember(). Remembered only where there are
  /// policies, and no longer than they ask.
  void note_scaled(std::int32_t from, std::int32_t to);

  /// The override in force.
  std::optional<Override> manual();

  /// Sets or replaces the override, and saves. Throws OverrideError, having changed nothing, when
  /// it cannot be (check_override).
  void set_manual(const Override& manual);

  /// Ends the override, and saves.
  void clear_manual();

  /// The mode that somebody switched to, otherwise the configured one. After a restart the state
  /// file can only make it more careful: who configures shadow gets it.
  Mode mode();

  /// Switches, and saves.
  void set_mode(Mode mode);

  /// Whether what is known would be there after a restart.
  bool survives_restart() const { return file_.enabled() && !file_.failing(); }

  /// Writes the state file when something has changed. That alone the newest recommendation was
  /// made again later is written every now and then only (docs/state.md).
  void save() { save(false); }

  /// Writes the state file when it is not exactly what is known.
  void save_exactly() { save(true); }

 private:
  struct Known {
    std::string uid;
    RecommendationHistory recommendations;
    ScaleEventHistory events;
    std::optional<Override> manual;
    std::optional<Mode> switched_to;  // by somebody, whatever is configured

    friend bool operator==(const Known&, const Known&) = default;
  };

  Mode mode_in_force() const;
  void read_file();
  void ignore(const std::string& why) const;
  void adopt(const std::string& uid);
  void restore(const SavedState& saved);
  std::chrono::seconds longest_policy_period() const;
  std::chrono::seconds kept_for(const ScaleEvent& event) const;
  void add_event(ScaleEvent event);
  bool worth_saving(bool exactly) const;
  SavedState to_saved() const;
  void save(bool exactly);

  const Settings settings_;
  Clock& clock_;

  mutable std::mutex mutex_;
  Known known_;                       // guarded by mutex_
  std::optional<SavedState> unread_;  // guarded by mutex_; until it is clear which object it is of

  std::mutex file_mutex_;   // held while the file is written; locked before mutex_
  StateFile file_;          // writing is guarded by file_mutex_
  Known written_;           // guarded by file_mutex_; what the file says
  TimePoint written_at_{};  // guarded by file_mutex_
};

}  // namespace cpab
