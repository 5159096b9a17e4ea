#include "cpab/backtest/recording_defaults.h"

#include <algorithm>

namespace cpab {
namespace {

std::vector<RecordedLoad*> recordings_of(Scenario& scenario) {
  std::vector<RecordedLoad*> recordings;
  for (LoadPart& part : scenario.load) {
    auto* recording = std::get_if<RecordedLoad>(&part);
    if (recording != nullptr && !recording->points.empty()) recordings.push_back(recording);
  }
  return recordings;
}

/// Sets `target` to what the first recording that has a `member` says.
template <typename Target, typename Value>
void take_first(const std::vector<RecordedLoad*>& recordings, bool is_given, Target& target,
                std::optional<Value> RecordedLoad::*member) {
  if (is_given) return;
  for (const RecordedLoad* recording : recordings) {
    if (!(recording->*member)) continue;
    target = *(recording->*member);
    return;
  }
}

void move_to(WallTime start, RecordedLoad& recording) {
  if (!recording.start) return;
  for (auto& [time, value] : recording.points) time += *recording.start - start;
}

std::string complaint_about(const RecordedLoad& recording, const Scenario& scenario) {
  return "a recorded load is of " +
         rfc3339_seconds(scenario.start + recording.points.front().first) + " to " +
         rfc3339_seconds(scenario.start + recording.points.back().first) +
         ", and nothing of that is in the duration from the start, " +
         rfc3339_seconds(scenario.start) + "; leave out start, or choose one in that time";
}

}  // namespace

void apply_recording_defaults(Scenario& scenario, const Origins& given,
                              std::vector<std::string>& complaints) {
  const auto recordings = recordings_of(scenario);
  take_first(recordings, given.given("start"), scenario.start, &RecordedLoad::start);
  take_first(recordings, given.given("replicas"), scenario.replicas, &RecordedLoad::replicas);
  take_first(recordings, given.given("capacityPerReplica"), scenario.capacity_per_replica,
             &RecordedLoad::capacity_per_replica);
  Duration end{0};
  for (RecordedLoad* recording : recordings) {
    move_to(scenario.start, *recording);
    end = std::max(end, recording->points.back().first);
  }
  if (!given.given("duration") && end > Duration(0)) scenario.length = end;
  for (const RecordedLoad* recording : recordings) {
    const bool is_over = recording->points.back().first < Duration(0);
    const bool comes_later = recording->points.front().first > scenario.length;
    if (is_over || comes_later) complaints.push_back(complaint_about(*recording, scenario));
  }
}

}  // namespace cpab
