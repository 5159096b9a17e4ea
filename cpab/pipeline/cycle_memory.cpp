#include "cpab/pipeline/cycle_memory.h"

#include <algorithm>
#include <utility>

#include "cpab/io/logging.h"
#include "cpab/pipeline/override_json.h"

namespace cpab {
namespace {

/// More recommendations are thinned out before they are written, so that the file stays small.
constexpr std::size_t saved_recommendations = 1000;

/// As long as what the file holds may lag behind what is known, if only times have changed.
Duration longest_lag(std::chrono::seconds window) {
  return std::clamp<Duration>(window / 20, Duration(1'000), Duration(30'000));
}

/// Both clocks, read together.
class ClockPair {
 public:
  explicit ClockPair(const Clock& clock) : now_(clock.now()), wall_now_(clock.wall_now()) {}

  WallTime now() const { return wall_now_; }
  WallTime wall(TimePoint at) const { return wall_now_ - std::chrono::floor<Duration>(now_ - at); }

  /// How long ago; what seems to lie ahead, since the clock was put back, is taken for now.
  Duration age(WallTime time) const { return std::max(wall_now_ - time, Duration(0)); }
  TimePoint monotonic(Duration age) const { return now_ - age; }

 private:
  TimePoint now_;
  WallTime wall_now_;
};

bool same_counts(const RecommendationHistory& left, const RecommendationHistory& right) {
  const auto same = [](const Recommendation& a, const Recommendation& b) {
    return a.replicas == b.replicas;
  };
  return std::equal(left.entries().begin(), left.entries().end(), right.entries().begin(),
                    right.entries().end(), same);
}

/// Each group becomes its highest and its lowest count at its latest time: held longer perhaps,
/// never shorter.
std::vector<SavedState::Recommendation> thinned(const std::vector<Recommendation>& entries,
                                                const ClockPair& clocks) {
  std::vector<SavedState::Recommendation> saved;
  const std::size_t group = 1 + 2 * (entries.size() / saved_recommendations);
  for (std::size_t first = 0; first < entries.size(); first += group) {
    const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(group, entries.size() - first));
    const auto [lowest, highest] = std::minmax_element(
        begin, end, [](const auto& a, const auto& b) { return a.replicas < b.replicas; });
    const WallTime time = clocks.wall((end - 1)->at);
    saved.push_back({time, highest->replicas});
    if (lowest->replicas != highest->replicas) saved.push_back({time, lowest->replicas});
  }
  return saved;
}

/// Oldest first, which they need not be in the memory.
std::vector<ScaleEvent> by_time(std::vector<ScaleEvent> events) {
  std::stable_sort(events.begin(), events.end(),
                   [](const ScaleEvent& a, const ScaleEvent& b) { return a.at < b.at; });
  return events;
}

void log_mode(Mode mode) {
  log_info(mode == Mode::shadow
               ? "Shadow mode: nothing is scaled, decisions say what would have been"
               : "Active mode: decisions are carried out");
}

}  // namespace

CycleMemory::CycleMemory(Settings settings, Clock& clock)
    : settings_(std::move(settings)), clock_(clock), file_(settings_.path) {
  read_file();
  written_ = known_;
  if (mode_in_force() == Mode::shadow) log_mode(Mode::shadow);
  if (const auto restored = manual())
    log_info("The override is still in force: " + to_json(*restored));
}

RecommendationHistory CycleMemory::recommendations(const std::string& uid) {
  const std::lock_guard lock(mutex_);
  adopt(uid);
  return known_.uid == uid ? known_.recommendations : RecommendationHistory{};
}

void CycleMemory::remember(const std::string& uid, const RecommendationHistory& recommendations) {
  const std::lock_guard lock(mutex_);
  adopt(uid);
  if (known_.uid != uid) known_.events = {};
  known_.uid = uid;
  known_.recommendations = recommendations;
}

void CycleMemory::interrupt() {
  const std::lock_guard lock(mutex_);
  known_.recommendations.interrupt();
}

ScaleEventHistory CycleMemory::scale_events(const std::string& uid) {
  const std::lock_guard lock(mutex_);
  adopt(uid);
  return known_.uid == uid ? known_.events : ScaleEventHistory{};
}

void CycleMemory::note_scaled(std::int32_t from, std::int32_t to) {
  const std::lock_guard lock(mutex_);
  add_event({clock_.now(), from, to});
}

std::chrono::seconds CycleMemory::longest_policy_period() const {
  if (!settings_.behavior) return std::chrono::seconds(0);
  return std::max(longest_period(settings_.behavior->scale_up),
                  longest_period(settings_.behavior->scale_down));
}

/// The HPA controller forgets what only the policies of the other direction still count.
std::chrono::seconds CycleMemory::kept_for(const ScaleEvent& event) const {
  if (settings_.parity == Parity::none) return longest_policy_period();
  const Behavior& behavior = *settings_.behavior;
  return longest_period(event.is_up() ? behavior.scale_up : behavior.scale_down);
}

void CycleMemory::add_event(ScaleEvent event) {
  if (settings_.behavior) known_.events.add(event, kept_for(event));
}

Mode CycleMemory::mode() {
  const std::lock_guard lock(mutex_);
  return mode_in_force();
}

Mode CycleMemory::mode_in_force() const { return known_.switched_to.value_or(settings_.mode); }

void CycleMemory::set_mode(Mode mode) {
  {
    const std::lock_guard lock(mutex_);
    if (mode_in_force() == mode) return;
    known_.switched_to = mode;
  }
  log_mode(mode);
  save();
}

std::optional<Override> CycleMemory::manual() {
  const std::lock_guard lock(mutex_);
  if (known_.manual && !known_.manual->in_force(clock_.wall_now())) {
    log_info("The override has ended: " + to_json(*known_.manual));
    known_.manual.reset();
  }
  return known_.manual;
}

void CycleMemory::set_manual(const Override& manual) {
  check_override(manual, settings_.bounds, clock_.wall_now());
  {
    const std::lock_guard lock(mutex_);
    known_.manual = manual;
  }
  log_info("Override set: " + to_json(manual));
  save();
}

void CycleMemory::clear_manual() {
  {
    const std::lock_guard lock(mutex_);
    if (!known_.manual) return;
    log_info("Override removed: " + to_json(*known_.manual));
    known_.manual.reset();
  }
  save();
}

void CycleMemory::read_file() {
  try {
    std::optional<SavedState> saved = file_.read();
    if (!saved) return;
    if (saved->target != settings_.target) {
      return ignore("it is about " + describe(saved->target) + ", not " +
                    describe(settings_.target));
    }
    known_.manual = std::exchange(saved->manual, std::nullopt);
    if (saved->mode == Mode::shadow) known_.switched_to = Mode::shadow;
    unread_ = std::move(saved);
  } catch (const StateError& error) {
    ignore(error.what());
  }
}

void CycleMemory::ignore(const std::string& why) const {
  const bool window = settings_.window.count() > 0;
  log_warning("State file " + file_.path() + " is ignored: " + why + "; " +
              (window ? "no scale-down below the current count for one stabilization window"
                      : "starting without it"));
}

void CycleMemory::adopt(const std::string& uid) {
  if (!unread_) return;
  const SavedState saved = *std::exchange(unread_, std::nullopt);
  const bool empty = saved.recommendations.empty() && saved.scale_events.empty();
  if (saved.uid == uid) {
    known_.uid = uid;
    restore(saved);
  } else if (!empty) {
    ignore("the target was deleted and made anew since; its UID was " + saved.uid + " and is " +
           uid);
  }
}

void CycleMemory::restore(const SavedState& saved) {
  const ClockPair clocks(clock_);
  for (const SavedState::Recommendation& entry : saved.recommendations) {
    const Duration age = clocks.age(entry.time);
    // One exactly as old holds nothing any more, but shows that the window has been seen to its
    // end.
    if (age <= settings_.window)
      known_.recommendations.add({clocks.monotonic(age), entry.replicas});
  }
  for (const SavedState::Scaling& entry : saved.scale_events) {
    const Duration age = clocks.age(entry.time);
    if (age <= longest_policy_period()) add_event({clocks.monotonic(age), entry.from, entry.to});
  }
  const bool stale = known_.recommendations.empty() && !saved.recommendations.empty();
  if (stale && settings_.window.count() > 0) {
    ignore("it is stale: of " + rfc3339_seconds(saved.recommendations.back().time) +
           ", longer ago than the stabilization window of " +
           std::to_string(settings_.window.count()) + " seconds");
  }
}

bool CycleMemory::worth_saving(bool exactly) const {
  if (known_ == written_) return false;
  const bool only_times = known_.uid == written_.uid && known_.events == written_.events &&
                          known_.manual == written_.manual &&
                          known_.switched_to == written_.switched_to &&
                          same_counts(known_.recommendations, written_.recommendations);
  return exactly || !only_times || clock_.now() - written_at_ >= longest_lag(settings_.window);
}

SavedState CycleMemory::to_saved() const {
  const ClockPair clocks(clock_);
  SavedState saved;
  if (unread_) {
    saved = *unread_;
  } else {
    saved.target = settings_.target;
    saved.uid = known_.uid;
    saved.recommendations = thinned(known_.recommendations.entries(), clocks);
    for (const ScaleEvent& event : by_time(known_.events.entries())) {
      saved.scale_events.push_back({clocks.wall(event.at), event.from, event.to});
    }
  }
  saved.saved = clocks.now();
  saved.manual = known_.manual;
  saved.mode = known_.switched_to.value_or(Mode::active);
  return saved;
}

void CycleMemory::save(bool exactly) {
  if (!file_.enabled()) return;
  const std::lock_guard file_lock(file_mutex_);
  SavedState saved;
  Known snapshot;
  {
    const std::lock_guard lock(mutex_);
    if (!worth_saving(exactly)) return;
    snapshot = known_;
    saved = to_saved();
  }
  if (!file_.write(saved)) return;
  written_ = std::move(snapshot);
  written_at_ = clock_.now();
}

}  // namespace cpab
