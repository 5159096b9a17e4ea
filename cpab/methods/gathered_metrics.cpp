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
#include "cpab/model/measured.h"

namespace cpab {
namespace {

constexpr const char* what_to_do =
    "see whether what measures it still runs, or allow for older ones (0: any age)";

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

Instant time(std::string_view key, std::string_view value) {
  const auto text = json_string(value);
  if (text && text->empty()) return {};
  const auto instant = text ? parse_instant(*text) : std::nullopt;
  if (!instant) refuse(key, "a time such as 2024-01-01T00:00:00Z");
  return *instant;
}

Instant time(const Members& members, std::string_view key) {
  const auto value = members.find(key);
  return value ? time(key, *value) : Instant();
}

/// What there is of one pod.
struct Sample {
  std::optional<std::int64_t> value;
  Instant timestamp;
};

Sample read_sample(JsonCursor& cursor) {
  Sample sample;
  if (cursor.peek() != '{') refuse("pod_metrics_info", "an object of objects");
  cursor.members([&](std::string_view key) {
    const bool is_value = key == "Value";
    const bool is_time = key == "Timestamp";
    const std::string_view text = cursor.value();
    if (is_value && text != "null") sample.value = whole_number("Value", text);
    if (is_time && text != "null") sample.timestamp = time("Timestamp", text);
    return true;
  });
  return sample;
}

/// The samples of the pods of one metric. Those that do not count leave their pods missing.
class Samples {
 public:
  /// Fills `measured`, whose groups are known.
  Samples(MeasuredPods& measured, bool of_resource, const SampleAge& age)
      : measured_(measured), of_resource_(of_resource), age_(age) {}

  void add(std::string_view name, const Sample& sample) {
    const std::string pod(name);
    const bool measured = sample.value && (of_resource_ ? is_measured_usage(*sample.value)
                                                        : is_measured_value(*sample.value));
    const bool outdated = measured && age_.is_outdated(sample.timestamp);
    const bool may_count =
        !measured_.groups.unready.contains(pod) && !measured_.groups.ignored.contains(pod);
    if (measured && !outdated) {
      keep(pod, sample);
      if (may_count) count(sample.timestamp);
    } else if (may_count) {
      measured_.groups.missing.insert(pod);
      measured_.groups.ready = std::max<std::int64_t>(0, measured_.groups.ready - 1);
      if (outdated) note_outdated(pod, sample.timestamp);
    }
  }

  bool all_are_outdated() const { return outdated_ > 0 && counted_ == 0; }

  /// Empty when none is outdated.
  std::string note() const {
    if (outdated_ == 0) return {};
    return std::to_string(outdated_) + " of " + std::to_string(outdated_ + counted_) +
           " samples are older than " + age_.describe_limit() + ": the newest of them, of pod " +
           newest_pod_ + ", is " + age_.describe(newest_);
  }

 private:
  void keep(const std::string& pod, const Sample& sample) {
    measured_.samples.insert_or_assign(measured_.samples.end(), pod,
                                       PodMetric{sample.timestamp, {}, *sample.value});
  }

  /// The whole is as old as its oldest part.
  void count(Instant timestamp) {
    Instant& oldest = measured_.timestamp;
    oldest = counted_ == 0 ? timestamp : std::min(oldest, timestamp);
    ++counted_;
  }

  void note_outdated(const std::string& pod, Instant timestamp) {
    if (outdated_++ > 0 && timestamp <= newest_) return;
    newest_ = timestamp;
    newest_pod_ = pod;
  }

  MeasuredPods& measured_;
  const bool of_resource_;
  const SampleAge& age_;
  std::size_t counted_ = 0;
  std::size_t outdated_ = 0;
  Instant newest_;  ///< of those that are outdated, as is its pod
  std::string newest_pod_;
};

/// What came of one metric, and what people have to know about it.
struct Result {
  std::variant<Measurement, MetricFailure> measurement;
  std::string note = {};
};

/// What pods have been measured. Of a Pods metric the reference does not tell who has not started.
Result measured_pods(const Members& element, const std::string& type, std::string_view key,
                     const SampleAge& age) {
  const Members part(element.object(key), key);
  MeasuredPods measured;
  measured.groups.ready = count(part, "ready_pod_count").value_or(0);
  measured.groups.unready =
      key == "pods" ? names(element, "unready_pods") : names(part, "ignored_pods");
  measured.groups.missing = names(part, "missing_pods");
  measured.groups.ignored = names(element, "ended_pods");
  const bool has_own = element.find("pod_requests").has_value();
  measured.requests = has_own ? requests(element, "pod_requests") : requests(part, "requests");
  Samples samples(measured, key != "pods", age);
  each_pod(part, "pod_metrics_info", [&](std::string_view pod, JsonCursor& cursor) {
    samples.add(pod, read_sample(cursor));
  });
  if (samples.all_are_outdated()) {
    return {MetricFailure{failure_reason(type), samples.note() + "; " + what_to_do}};
  }
  return {std::move(measured), samples.note()};
}

/// Whoever tells the number of ready pods and not of how many has some.
Result measured_value(const Members& element, const std::string& type, std::string_view key,
                      const SampleAge& age) {
  const auto failure = [&](const std::string& why) {
    return Result{MetricFailure{failure_reason(type), why}};
  };
  const Members part(element.object(key), key);
  const Members current(part.object("current"), "current");
  const auto value = current.find("value") ? current.find("value") : current.find("average_value");
  if (!value) return failure("there is no value");
  MeasuredValue measured;
  measured.value = whole_number("value", *value);
  if (!is_measured_value(measured.value)) {
    return failure("the value is " + std::string(*value) + " thousandths, which is no measurement");
  }
  const bool is_sum = element.find("oldest_timestamp").has_value();
  measured.timestamp = is_sum ? time(element, "oldest_timestamp") : time(part, "timestamp");
  if (age.is_outdated(measured.timestamp)) {
    return failure("the value is " + age.describe(measured.timestamp) + ", and " +
                   age.describe_limit() + " is the most it may be; " + what_to_do);
  }
  const auto total = count(element, "total_pods");
  if (total != 0) measured.ready_pods = count(part, "ready_pod_count");
  const auto ended = static_cast<std::int64_t>(names(element, "ended_pods").size());
  measured.pods = std::max<std::int64_t>(0, total.value_or(0) - ended);
  return {measured};
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

Result result_of(const Members& element, const std::string& type, const SampleAge& age) {
  if (element.find("error")) {
    return {MetricFailure{element.find("reason") ? element.text("reason") : failure_reason(type),
                          element.text("error")}};
  }
  if (type == "Resource") return measured_pods(element, type, "resource", age);
  if (type == "ContainerResource") return measured_pods(element, type, "container_resource", age);
  if (type == "Pods") return measured_pods(element, type, "pods", age);
  if (type == "Object") return measured_value(element, type, "object", age);
  if (type == "External") return measured_value(element, type, "external", age);
  return {MetricFailure{failure_reason(type), "unknown metric source type " + json_quote(type)}};
}

GatheredMetric read_element(std::string_view text, const SampleAge& age) {
  const Members element(text, "an element");
  GatheredMetric metric;
  metric.spec = spec_of(element.object("spec"));
  const auto current = count(element, "current_replicas");
  if (!current) refuse("current_replicas", "there");
  metric.replicas.spec = static_cast<std::int32_t>(*current);
  metric.replicas.status =
      static_cast<std::int32_t>(count(element, "status_replicas").value_or(*current));
  Result result = result_of(element, metric.spec.type, age);
  metric.result = std::move(result.measurement);
  metric.note = std::move(result.note);
  return metric;
}

}  // namespace

void read_gathered_metrics(std::string_view document, const SampleAge& age,
                           const std::function<void(GatheredMetric)>& take) {
  std::size_t index = 0;
  try {
    JsonCursor cursor(document);
    if (cursor.peek() != '[') cursor.fail("no array");
    cursor.elements([&] {
      take(read_element(cursor.value(), age));
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
