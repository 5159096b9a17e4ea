#include "cpab/methods/gathered_metrics.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cpab/config/sections.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

/// A member that has to be there or is of another type than it should be.
[[noreturn]] void refuse(std::string_view key, const char* wanted) {
  throw GatheredMetricsError("\"" + std::string(key) + "\" is not " + wanted);
}

/// The members of one object; an absent one and `null` are the same.
class Members {
 public:
  /// `what` names the object in messages.
  Members(std::string_view object, std::string_view what) {
    if (object.front() != '{') refuse(what, "an object");
    JsonCursor cursor(object);
    cursor.members([&](std::string_view key) {
      std::string name(key);
      members_.emplace_back(std::move(name), cursor.value());
      return true;
    });
  }

  std::optional<std::string_view> find(std::string_view key) const {
    for (const auto& [name, value] : members_) {
      if (name == key && value != "null") return value;
    }
    return std::nullopt;
  }

  std::string_view object(std::string_view key) const {
    const auto value = find(key);
    if (!value || value->front() != '{') refuse(key, "an object");
    return *value;
  }

  std::string text(std::string_view key) const {
    const auto value = find(key);
    auto text = value ? json_string(*value) : std::nullopt;
    if (!text) refuse(key, "a text");
    return *std::move(text);
  }

 private:
  std::vector<std::pair<std::string, std::string_view>> members_;
};

std::int64_t whole_number(std::string_view key, std::string_view value) {
  std::int64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || stop != end) refuse(key, "a whole number of 64 bits");
  return number;
}

std::int64_t count(std::string_view key, std::string_view value) {
  const std::int64_t number = whole_number(key, value);
  if (number < 0 || number > std::numeric_limits<std::int32_t>::max()) {
    refuse(key, "a number from 0 to 2147483647");
  }
  return number;
}

std::optional<std::int64_t> count(const Members& members, std::string_view key) {
  const auto value = members.find(key);
  if (!value) return std::nullopt;
  return count(key, *value);
}

/// Calls `take(name)` in front of the value of each member of the object called `key`.
template <typename Take>
void each_pod(const Members& members, std::string_view key, Take take) {
  if (!members.find(key)) return;
  JsonCursor cursor(members.object(key));
  cursor.members([&](std::string_view pod) {
    take(pod, cursor);
    return true;
  });
}

/// The names of pods; they come sorted.
std::set<std::string> names(const Members& members, std::string_view key) {
  std::set<std::string> pods;
  each_pod(members, key, [&](std::string_view pod, JsonCursor& cursor) {
    pods.emplace_hint(pods.end(), pod);
    cursor.value();
  });
  return pods;
}

PodRequests requests(const Members& members, std::string_view key) {
  PodRequests requests;
  each_pod(members, key, [&](std::string_view pod, JsonCursor& cursor) {
    const auto entry = requests.emplace_hint(requests.end(), pod, 0);
    entry->second = whole_number(key, cursor.value());
  });
  return requests;
}

/// The value of one pod. When it was taken is no matter any more: who counts has been found out.
PodMetric sample(JsonCursor& cursor) {
  std::optional<std::int64_t> value;
  if (cursor.peek() != '{') refuse("pod_metrics_info", "an object of objects");
  cursor.members([&](std::string_view key) {
    const bool is_value = key == "Value";
    const std::string_view text = cursor.value();
    if (is_value) value = whole_number("Value", text);
    return true;
  });
  if (!value) refuse("Value", "there for each pod");
  return {{}, {}, *value};
}

PodMetrics samples(const Members& members) {
  PodMetrics samples;
  each_pod(members, "pod_metrics_info", [&](std::string_view pod, JsonCursor& cursor) {
    const auto entry = samples.emplace_hint(samples.end(), pod, PodMetric{});
    entry->second = sample(cursor);
  });
  return samples;
}

/// What pods have been measured. Of a Pods metric the reference does not tell who has not started.
MeasuredPods measured_pods(const Members& element, std::string_view key) {
  const Members part(element.object(key), key);
  MeasuredPods measured;
  measured.samples = samples(part);
  measured.groups.ready = count(part, "ready_pod_count").value_or(0);
  measured.groups.unready =
      key == "pods" ? names(element, "unready_pods") : names(part, "ignored_pods");
  measured.groups.missing = names(part, "missing_pods");
  measured.groups.ignored = names(element, "ended_pods");
  const bool has_own = element.find("pod_requests").has_value();
  measured.requests = has_own ? requests(element, "pod_requests") : requests(part, "requests");
  return measured;
}

/// Whoever tells the number of ready pods and not of how many has some.
MeasuredValue measured_value(const Members& element, std::string_view key) {
  const Members part(element.object(key), key);
  const Members current(part.object("current"), "current");
  const auto value = current.find("value") ? current.find("value") : current.find("average_value");
  if (!value) refuse("current", "an object with \"value\" or \"average_value\"");
  MeasuredValue measured;
  measured.value = whole_number("value", *value);
  const auto total = count(element, "total_pods");
  if (total != 0) measured.ready_pods = count(part, "ready_pod_count");
  const auto ended = static_cast<std::int64_t>(names(element, "ended_pods").size());
  measured.pods = std::max<std::int64_t>(0, total.value_or(0) - ended);
  return measured;
}

MetricSpec spec_of(std::string_view json) {
  MetricSpec spec;
  Report report;
  try {
    Decoder decoder({Source::Kind::environment, "spec"}, Language::json, report);
    decode(decoder, parse_json(json).root, "spec", spec);
  } catch (const DocumentError& error) {
    throw GatheredMetricsError(std::string("\"spec\" cannot be read: ") + error.what());
  }
  if (!report.complaints.empty()) throw GatheredMetricsError(report.complaints.front());
  return spec;
}

std::variant<Measurement, MetricFailure> result_of(const Members& element,
                                                   const std::string& type) {
  if (element.find("error")) {
    return MetricFailure{element.find("reason") ? element.text("reason") : failure_reason(type),
                         element.text("error")};
  }
  if (type == "Resource") return measured_pods(element, "resource");
  if (type == "ContainerResource") return measured_pods(element, "container_resource");
  if (type == "Pods") return measured_pods(element, "pods");
  if (type == "Object") return measured_value(element, "object");
  if (type == "External") return measured_value(element, "external");
  return MetricFailure{failure_reason(type), "unknown metric source type " + json_quote(type)};
}

GatheredMetric read_element(std::string_view text) {
  const Members element(text, "an element");
  GatheredMetric metric;
  metric.spec = spec_of(element.object("spec"));
  const auto current = count(element, "current_replicas");
  if (!current) refuse("current_replicas", "there");
  metric.replicas.spec = static_cast<std::int32_t>(*current);
  metric.replicas.status =
      static_cast<std::int32_t>(count(element, "status_replicas").value_or(*current));
  metric.result = result_of(element, metric.spec.type);
  return metric;
}

}  // namespace

void read_gathered_metrics(std::string_view document,
                           const std::function<void(GatheredMetric)>& take) {
  std::size_t index = 0;
  try {
    JsonCursor cursor(document);
    if (cursor.peek() != '[') cursor.fail("no array");
    cursor.elements([&] {
      take(read_element(cursor.value()));
      ++index;
    });
    cursor.skip_space();
    if (!cursor.at_end()) cursor.fail("unexpected text after the array");
  } catch (const JsonError& error) {
    throw GatheredMetricsError(error.what());
  } catch (const GatheredMetricsError& error) {
    throw GatheredMetricsError("element " + std::to_string(index) + ": " + error.what());
  }
}

}  // namespace cpab
