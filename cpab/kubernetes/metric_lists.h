#pragma once

#include <cstdint>
#include <string_view>

#include "cpab/model/instant.h"
#include "cpab/model/pod_metric.h"

namespace cpab {

/// The answers of the metrics APIs, read (contract section 4). The time of a list is that of its
/// first item. What is no number is no measurement (model/measured.h): without it a pod has no
/// metric, and a single value or a sum cannot be had. All functions throw KubernetesError for a
/// list that is not what it should be, and JsonError for text that is not JSON.

/// One value per pod.
struct PodReadings {
  PodMetrics pods;
  Instant timestamp;

  friend bool operator==(const PodReadings&, const PodReadings&) = default;
};

/// One value.
struct Reading {
  std::int64_t value = 0;  ///< in thousandths
  Instant timestamp;
  Instant oldest;  ///< the earliest time of all that was summed

  friend bool operator==(const Reading&, const Reading&) = default;
};

/// A PodMetricsList of metrics.k8s.io. A pod is left out when it has no containers or one of them
/// lacks the resource or uses less than nothing of it. With a `container` only that one counts, and
/// a pod without it is left out.
/// Throws `no metrics returned from resource metrics API` for an empty list.
PodReadings parse_resource_metrics(std::string_view body, std::string_view resource,
                                   std::string_view container = {});

/// A MetricValueList of custom.metrics.k8s.io about pods; one without a number is left out. Throws
/// `no metrics returned from custom metrics API` for an empty list.
PodReadings parse_pods_metrics(std::string_view body);

/// A MetricValueList about one object: exactly one value, or an error.
Reading parse_object_metric(std::string_view body);

/// An ExternalMetricValueList: the sum of all its values, each of which has to be there. Throws
/// `no metrics returned from external metrics API` for an empty list.
Reading parse_external_metric(std::string_view body);

}  // namespace cpab
