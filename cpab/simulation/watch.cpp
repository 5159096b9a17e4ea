#include "cpab/simulation/watch.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "cpab/io/system_clock.h"
#include "cpab/simulation/api_error.h"
#include "cpab/simulation/simulated_cluster.h"

namespace cpab {
namespace {

constexpr std::chrono::milliseconds poll_interval{50};

std::string_view type_name(ObjectChange::Kind kind) {
  switch (kind) {
    case ObjectChange::Kind::added:
      return "ADDED";
    case ObjectChange::Kind::modified:
      return "MODIFIED";
    case ObjectChange::Kind::deleted:
      return "DELETED";
  }
  return "";
}

std::string event_text(std::string_view type, const std::string& object) {
  return R"({"type":")" + std::string(type) + R"(","object":)" + object + "}\n";
}

class Watch {
 public:
  Watch(SimulatedCluster& cluster, WatchQuery query)
      : cluster_(cluster), query_(std::move(query)), end_(real_clock_.now() + query_.timeout) {}

  std::optional<std::string> next() {
    if (failed_ || real_clock_.now() >= end_) return std::nullopt;
    auto text = events();
    if (text.empty()) real_clock_.wait_until(real_clock_.now() + poll_interval, {});
    return text;
  }

 private:
  std::string events() {
    try {
      return cluster_.access(
          [this](ClusterState& state) { return query_.since ? changes(state) : current(state); });
    } catch (const ApiError& error) {
      failed_ = true;
      auto status = status_json(error);
      status.pop_back();  // its line break: an event is one line
      return event_text("ERROR", status);
    }
  }

  std::string current(ClusterState& state) {
    std::string text;
    for (const auto& object : state.objects().list(query_.type, query_.namespace_name)) {
      text += event({ObjectChange::Kind::added, object->version(), object}, state.now());
    }
    query_.since = state.objects().version();
    return text;
  }

  std::string changes(ClusterState& state) {
    std::string text;
    for (const auto& change : state.objects().changes_since(*query_.since)) {
      text += event(change, state.now());
    }
    query_.since = std::max(*query_.since, state.objects().version());
    return text;
  }

  bool concerns_us(const StoredObject& object) const {
    return &object.type() == &query_.type &&
           (query_.namespace_name.empty() || object.namespace_name() == query_.namespace_name) &&
           query_.labels.matches(object.labels()) && query_.fields.matches(object.document());
  }

  std::string event(const ObjectChange& change, WallTime now) const {
    if (!concerns_us(*change.object)) return {};
    const auto object = query_.as_table
                            ? table_text(query_.type, {change.object}, query_.row_object, "{}", now)
                            : change.object->text();
    return event_text(type_name(change.kind), object);
  }

  SimulatedCluster& cluster_;
  WatchQuery query_;
  SystemClock real_clock_;  // a client waits in real time, whatever the cluster lives on
  const TimePoint end_;
  bool failed_ = false;
};

}  // namespace

BodyStream watch_stream(SimulatedCluster& cluster, WatchQuery query) {
  const auto watch = std::make_shared<Watch>(cluster, std::move(query));
  return [watch] { return watch->next(); };
}

}  // namespace cpab
