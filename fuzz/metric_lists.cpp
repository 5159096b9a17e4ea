#include "cpab/kubernetes/metric_lists.h"

#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/metric_json.h"
#include "cpab/model/json_text.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

template <typename Check>
void reading(Check check) {
  try {
    check();
  } catch (const KubernetesError& error) {
    require(*error.what() != '\0', "an error says something");
  } catch (const JsonError& error) {
    require(*error.what() != '\0', "an error says something");
  }
}

void check_json(const std::string& json) {
  require(json_value(json) == json, "what user logic gets is JSON");
  require(json.find('\n') == std::string::npos, "what user logic gets is one line");
}

void check_pods(const PodReadings& readings) {
  PodsSummary summary;
  summary.metrics = readings.pods;
  summary.timestamp = readings.timestamp;
  check_json(pods_metric_json(summary));
  check_json(resource_metric_json(summary, std::nullopt));
}

void check_reading(const Reading& reading) {
  check_json(value_json(reading, 3));
  check_json(average_value_json(reading));
}

}  // namespace

void fuzz_metric_lists(std::string_view input) {
  reading([&] { check_pods(parse_resource_metrics(input, "cpu")); });
  reading([&] { check_pods(parse_pods_metrics(input)); });
  reading([&] { check_reading(parse_object_metric(input)); });
  reading([&] { check_reading(parse_external_metric(input)); });
}

}  // namespace cpab
