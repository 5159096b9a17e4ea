#include "cpab/simulation/watch.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "cpab/io/system_clock.h"
#include "cpab/simulation/api_error.h"
#include "cpab/simulation/json.h"
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
      : cluster_(cluster),
        query_(std::move(query)),
        end_(real_clock_.now() + query_.timeout),
        next_bookmark_(real_clock_.now() + query_.bookmark_interval) {}

  std::optional<std::string> next() {
    if (ended_) return std::nullopt;
    if (real_clock_.now() >= end_) return last_words();
    auto text = events();
    if (text.empty() && query_.bookmarks && real_clock_.now() >= next_bookmark_) {
      text = bookmark(false);
    }
    if (text.empty()) real_clock_.wait_until(real_clock_.now() + poll_interval, {});
    return text;
  }

 private:
  std::string events() {
    try {
      return cluster_.access(
          [this](ClusterState& state) { return query_.since ? changes(state) : current(state); });
    } catch (const ApiError& error) {
      ended_ = true;
      auto status = status_json(error);
      status.pop_back();  // its line break: an event is one line
      return event_text("ERROR", status);
    }
  }

  std::optional<std::string> last_words() {
    if (query_.bookmarks && query_.since && !std::exchange(ended_, true)) return bookmark(false);
    ended_ = true;
    return std::nullopt;
  }

  std::string current(ClusterState& state) {
    std::string text;
    for (const auto& object : state.objects().list(query_.type, query_.namespace_name)) {
      if (matches(object)) text += event(ObjectChange::Kind::added, object, state.now());
    }
    query_.since = state.objects().version();
    return query_.marks_end_of_current ? text + bookmark(true) : text;
  }

  std::string changes(ClusterState& state) {
    std::string text;
    for (const auto& change : state.objects().changes_since(*query_.since)) {
      text += change_event(change, state.now());
    }
    query_.since = std::max(*query_.since, state.objects().version());
    return text;
  }

  /// Nothing but the version to go on from.
  std::string bookmark(bool ends_current) {
    next_bookmark_ = real_clock_.now() + query_.bookmark_interval;
    Json object;
    object.set("/kind", query_.type.kind).set("/apiVersion", query_.type.api_version());
    object.set("/metadata/resourceVersion", std::to_string(query_.since.value_or(0)));
    object.set("/metadata/creationTimestamp", Json::parse("null"));
    if (ends_current) object.set("/metadata/annotations/k8s.io~1initial-events-end", "true");
    return event_text("BOOKMARK", object.text());
  }

  bool matches(const Object& object) const {
    return object &&
           (query_.namespace_name.empty() || object->namespace_name() == query_.namespace_name) &&
           query_.labels.matches(object->labels()) && query_.fields.matches(object->document());
  }

  std::string change_event(const ObjectChange& change, WallTime now) const {
    using Kind = ObjectChange::Kind;
    if (&change.object->type() != &query_.type.storage()) return {};
    const bool before = matches(change.before);
    const bool after = change.kind != Kind::deleted && matches(change.object);
    if (!before && !after) return {};
    if (before && after) return event(Kind::modified, change.object, now);
    return event(after ? Kind::added : Kind::deleted, change.object, now);
  }

  std::string event(ObjectChange::Kind kind, const Object& object, WallTime now) const {
    return event_text(type_name(kind), query_.as_table ? table_text(query_.type, {object},
                                                                    query_.row_object, "{}", now)
                                                       : object->text(query_.type));
  }

  SimulatedCluster& cluster_;
  WatchQuery query_;
  SystemClock real_clock_;  // a client waits in real time, whatever the cluster lives on
  const TimePoint end_;
  TimePoint next_bookmark_;
  bool ended_ = false;
};

}  // namespace

BodyStream watch_stream(SimulatedCluster& cluster, WatchQuery query) {
  const auto watch = std::make_shared<Watch>(cluster, std::move(query));
  return [watch] { return watch->next(); };
}

}  // namespace cpab
