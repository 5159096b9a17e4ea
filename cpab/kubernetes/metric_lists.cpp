#include "cpab/kubernetes/metric_lists.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/json_fields.h"
#include "cpab/kubernetes/time_fields.h"
#include "cpab/model/json_text.h"
#include "cpab/model/measured.h"
#include "cpab/model/saturating_sum.h"

namespace cpab {
namespace {

constexpr std::chrono::seconds default_window{60};

std::vector<std::string_view> items_of(std::string_view body) {
  const std::string_view list = json_value(body);
  require_object(list, "the list of metrics");
  std::vector<std::string_view> items = array_field(list, "items");
  for (const std::string_view item : items) require_object(item, "an item of the list of metrics");
  return items;
}

[[noreturn]] void nothing_returned(const char* api) {
  throw KubernetesError(200, std::string("no metrics returned from ") + api + " metrics API");
}

Instant timestamp_of(std::string_view item) {
  return instant_field(item, "timestamp").value_or(Instant());
}

/// None when it was not measured.
std::optional<std::int64_t> value_of(std::string_view item) {
  const auto value = milli_field(item, "value");
  return value && is_measured_value(*value) ? value : std::nullopt;
}

/// The value that `item`, called `what` in messages, has to have.
std::int64_t required_value(std::string_view item, const std::string& what) {
  if (const auto value = value_of(item)) return *value;
  const auto written = json_member(item, "value");
  if (!written) throw KubernetesError(200, what + " has no value");
  const std::string text = json_string(*written).value_or(std::string(*written));
  throw KubernetesError(200,
                        what + " has the value " + excerpt(text) + ", which is no measurement");
}

std::vector<std::string_view> containers_of(std::string_view item) {
  std::vector<std::string_view> containers = array_field(item, "containers");
  for (const std::string_view container : containers) {
    require_object(container, "a container of the list of metrics");
  }
  return containers;
}

/// The name in the object called `key`; empty when there is none.
std::string name_in(std::string_view item, std::string_view key) {
  const auto object = object_field(item, key);
  return object ? string_field(*object, "name") : "";
}

std::optional<std::int64_t> container_usage(std::string_view container, std::string_view resource) {
  const auto usage = object_field(container, "usage");
  const auto milli = usage ? milli_field(*usage, resource) : std::nullopt;
  return milli && is_measured_usage(*milli) ? milli : std::nullopt;
}

/// The usage of all containers; none when there are none or one lacks the resource.
std::optional<std::int64_t> usage_of(std::string_view item, std::string_view resource) {
  const auto containers = containers_of(item);
  if (containers.empty()) return std::nullopt;
  std::int64_t sum = 0;
  for (const std::string_view container : containers) {
    const auto value = container_usage(container, resource);
    if (!value) return std::nullopt;
    sum = saturating_sum(sum, *value);
  }
  return sum;
}

/// The usage of the container called `name`.
std::optional<std::int64_t> usage_of_container(std::string_view item, std::string_view resource,
                                               std::string_view name) {
  for (const std::string_view container : containers_of(item)) {
    if (string_field(container, "name") == name) return container_usage(container, resource);
  }
  return std::nullopt;
}

/// `windowSeconds` (v1beta2) or `window` (v1beta1), in seconds both.
std::chrono::nanoseconds window_of(std::string_view item) {
  constexpr std::int64_t longest = std::numeric_limits<std::int64_t>::max() / 1'000'000'000;
  auto seconds = integer_field(item, "windowSeconds");
  if (!seconds) seconds = integer_field(item, "window");
  if (!seconds) return default_window;
  return std::chrono::seconds(std::clamp(*seconds, -longest, longest));
}

}  // namespace

PodReadings parse_resource_metrics(std::string_view body, std::string_view resource,
                                   std::string_view container) {
  const auto items = items_of(body);
  if (items.empty()) nothing_returned("resource");
  PodReadings readings{{}, timestamp_of(items.front())};
  for (const std::string_view item : items) {
    const PodMetric metric{timestamp_of(item), duration_field(item, "window"), 0};
    const auto usage = container.empty() ? usage_of(item, resource)
                                         : usage_of_container(item, resource, container);
    const std::string pod = name_in(item, "metadata");
    if (!usage || pod.empty()) continue;
    readings.pods[pod] = {metric.timestamp, metric.window, *usage};
  }
  return readings;
}

PodReadings parse_pods_metrics(std::string_view body) {
  const auto items = items_of(body);
  if (items.empty()) nothing_returned("custom");
  PodReadings readings{{}, timestamp_of(items.front())};
  for (const std::string_view item : items) {
    const PodMetric metric{timestamp_of(item), window_of(item), 0};
    const std::string pod = name_in(item, "describedObject");
    const auto value = value_of(item);
    if (!value || pod.empty()) continue;
    readings.pods[pod] = {metric.timestamp, metric.window, *value};
  }
  return readings;
}

Reading parse_object_metric(std::string_view body) {
  const auto items = items_of(body);
  if (items.size() != 1) {
    throw KubernetesError(200, "the custom metrics API server returned " +
                                   std::to_string(items.size()) +
                                   " results when we asked for exactly one");
  }
  const Instant timestamp = timestamp_of(items.front());
  return {required_value(items.front(), "the one result"), timestamp, timestamp};
}

Reading parse_external_metric(std::string_view body) {
  const auto items = items_of(body);
  if (items.empty()) nothing_returned("external");
  const Instant first = timestamp_of(items.front());
  Reading reading{0, first, first};
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string what =
        "result " + std::to_string(i + 1) + " of " + std::to_string(items.size());
    reading.value = saturating_sum(reading.value, required_value(items[i], what));
    reading.oldest = std::min(reading.oldest, timestamp_of(items[i]));
  }
  return reading;
}

}  // namespace cpab
